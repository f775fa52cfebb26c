# SPDX-License-Identifier: Apache-2.0
"""Sweet-spot criteria (domain.md §5): what one passes, fails or leaves unknown, and the fit. No verdict here."""
from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .book import Organisation
from .exact import exact
from .measures import Facts, fold

MONEY_FIELDS = ("company_revenue", "annual_potential", "expected_annual")
PLAIN_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Fit:
    """Shares of weight in 0…100; None without criteria."""
    fit: Fraction | None
    fit_best: Fraction | None
    required_failed: bool
    required_unknown: bool
    unknown: tuple[str, ...]  # ids of the unknown criteria, by weight descending, then id


def fit(organisation: Organisation, facts: Facts) -> Fit:
    """`fit` = Σ weight passed ÷ Σ weight × 100; `fit_best` counts the unknown as passed (§5)."""
    criteria = facts.policy["criteria"]
    judged = [(criterion, judge(criterion, organisation, facts)) for criterion in criteria]
    unknown = sorted((criterion for criterion, passed in judged if passed is None),
                     key=lambda criterion: (-_weight(criterion), criterion["id"]))
    required = [passed for criterion, passed in judged if criterion.get("required")]
    sure = sum((_weight(criterion) for criterion, passed in judged if passed), Fraction(0))
    total = sum(map(_weight, criteria), Fraction(0))
    best = sure + sum(map(_weight, unknown), Fraction(0))
    return Fit(
        fit=sure / total * 100 if criteria else None,
        fit_best=best / total * 100 if criteria else None,
        required_failed=False in required,
        required_unknown=None in required,
        unknown=tuple(criterion["id"] for criterion in unknown),
    )


def judge(criterion: dict[str, Any], organisation: Organisation, facts: Facts) -> bool | None:
    """True passed, False failed, None unknown."""
    elements = _elements(_attribute(criterion["attribute"], organisation, facts))
    operator = criterion["op"]
    if operator == "exists":
        return bool(elements)
    if not elements:
        return None
    values = _elements(criterion["value"])
    if operator in ("between", "gte", "lte"):
        return _compare(operator, elements, values)
    if operator == "all":
        return all(value in elements for value in values)
    found = any(element in values for element in elements)
    return not found if operator == "not_in" else found


def _weight(criterion: dict[str, Any]) -> Fraction:
    return exact(criterion["weight"])


def _attribute(name: str, organisation: Organisation, facts: Facts) -> Any:
    """The raw value: personas of its contacts, attributes.NAME, or a field, money in currency units."""
    if name == "personas":
        return facts.personas_of[organisation.id]
    if name.startswith("attributes."):
        return organisation.attributes.get(name.removeprefix("attributes."))
    value = getattr(organisation, name)
    if name in MONEY_FIELDS and value is not None:
        return Fraction(value, 10 ** facts.book.minor_digits)
    return value


def _elements(value: Any) -> list[Any]:
    """Comparable elements of a value, a single one being a list of one; blanks and objects are none."""
    raw = value if isinstance(value, list) else [value]
    return [element for element in map(_element, raw) if element is not None]


def _element(value: Any) -> Fraction | str | tuple[str, bool] | None:
    """Numbers and plain decimal text by value, other text folded, booleans apart from numbers."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float, Fraction)):
        return exact(value)
    if isinstance(value, str):
        text = fold(value)
        return exact(text) if text and PLAIN_DECIMAL.fullmatch(text) else text
    return None if value is None or isinstance(value, (dict, list)) else fold(str(value))


def _compare(operator: str, elements: list[Any], bounds: list[Fraction]) -> bool | None:
    """Only a single number can be compared; anything else is unknown (§5)."""
    if len(elements) != 1 or not isinstance(elements[0], Fraction):
        return None
    number = elements[0]
    if operator == "between":
        return bounds[0] <= number <= bounds[1]
    return number >= bounds[0] if operator == "gte" else number <= bounds[0]
