# SPDX-License-Identifier: Apache-2.0
"""Is this prospect ours, and is it now? Verdicts and the target and lead lists (domain.md §5)."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .book import Organisation
from .criteria import Fit
from .exact import exact
from .frozen import Review
from .measures import Facts, fold


@dataclass(frozen=True)
class Size:
    """What a prospect is expected to bring, in minor units; source given, deals, estimate or None."""
    annual: int | None
    deal: Fraction | None
    source: str | None


@dataclass(frozen=True)
class Qualification:
    """`holds` lists every verdict whose condition holds, the first being the verdict."""
    verdict: str
    holds: tuple[str, ...]
    list: str
    size: Size
    access: bool | None
    missing: tuple[str, ...]


def qualify(organisation: Organisation, fit: Fit, review: Review, facts: Facts) -> Qualification:
    """Judge one prospect under a review."""
    size = expected_size(organisation, review, facts)
    access = _access(organisation, facts)
    small = _is_below_floor(size, review, facts)
    holds = _holding(organisation, fit, size, small, facts)
    return Qualification(
        verdict=holds[0],
        holds=holds,
        list=_list(organisation, holds[0], fit, size, access, review),
        size=size,
        access=access,
        missing=_missing(fit, small) if holds[0] == "unknown" else (),
    )


def expected_size(organisation: Organisation, review: Review, facts: Facts) -> Size:
    """`expected_annual` and `expected_deal` (§5)."""
    open_amounts = [deal.amount for deal in facts.deals_of[organisation.id]
                    if facts.stage(deal) == "open" and deal.amount is not None and deal.amount > 0]
    cohort = review.cohort(organisation)
    if organisation.expected_annual is not None:
        annual, source = organisation.expected_annual, "given"
    elif open_amounts:
        annual, source = sum(open_amounts), "deals"
    else:
        annual, source = (cohort.median, "estimate") if cohort else (None, None)
    if open_amounts:
        deal = Fraction(max(open_amounts))
    else:
        deal = None if annual is None else Fraction(annual, review.deals_per_year)
    return Size(annual, deal, source)


def _access(organisation: Organisation, facts: Facts) -> bool | None:
    """As stated; else true when a contact's persona is in `deciders`; else unknown."""
    if organisation.access is not None:
        return organisation.access
    deciders = set(map(fold, facts.policy["deciders"]))
    personas = set(map(fold, facts.personas_of[organisation.id]))
    return True if deciders & personas else None


def _is_below_floor(size: Size, review: Review, facts: Facts) -> bool:
    """expected_deal under the policy's or the derived floor, or expected_annual under the policy's."""
    floor_deal = facts.book.money(facts.policy["floor_deal"])
    floor_annual = facts.book.money(facts.policy["floor_annual"])
    if floor_deal is None and floor_annual is None:
        floor_deal = review.size_bands.floor
    return ((floor_deal is not None and size.deal is not None and size.deal < floor_deal)
            or (floor_annual is not None and size.annual is not None and size.annual < floor_annual))


def _holding(organisation: Organisation, fit: Fit, size: Size, small: bool, facts: Facts) -> tuple[str, ...]:
    """The verdicts that hold, in order; `now` when no other does."""
    threshold = exact(facts.policy["fit_threshold"])
    no_criteria = fit.fit is None
    conditions = {
        "not_ours": not no_criteria and (fit.required_failed or fit.fit_best < threshold),
        "throw_back": small and size.source != "estimate",
        "unknown": (no_criteria or fit.required_unknown or fit.fit < threshold
                    or (small and size.source == "estimate")),
        "later": organisation.revisit_on is not None and organisation.revisit_on > facts.today,
    }
    return tuple(verdict for verdict, holds in conditions.items() if holds) or ("now",)


def _missing(fit: Fit, small: bool) -> tuple[str, ...]:
    """What would settle an unknown: criteria, the size, or the policy's criteria."""
    missing = fit.unknown
    if small:
        missing += ("expected_annual",)
    if fit.fit is None:
        missing += ("policy.criteria",)
    return missing


def _list(organisation: Organisation, verdict: str, fit: Fit, size: Size, access: bool | None,
          review: Review) -> str:
    """target, lead or none."""
    if organisation.status != "active":
        return "none"
    is_big = (size.annual is not None and review.key_cutoff is not None and size.annual >= review.key_cutoff)
    if verdict == "now" and is_big and access is True:
        return "target"
    if fit.fit is not None and (verdict == "unknown" or (verdict == "now" and is_big and access is None)):
        return "lead"
    return "none"
