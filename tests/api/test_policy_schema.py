# SPDX-License-Identifier: Apache-2.0
"""GET /v1/policy/schema: its defaults are the program's, and it takes what PUT takes and refuses what PUT refuses."""
from __future__ import annotations

import copy
import json
import random
from decimal import Decimal
from typing import Any, Callable

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from .client import Client
from .server import Workspace

DOCUMENTS = 400
BESIDE = ("version", "in_force_version", "created_at", "created_by", "actor", "note", "acknowledged", "let_in")


def schema_of(client: Client) -> dict[str, Any]:
    schema = client.expect(200, "GET", "/v1/policy/schema")
    Draft202012Validator.check_schema(schema)
    return schema


def validator_of(client: Client) -> Draft202012Validator:
    return Draft202012Validator(schema_of(client), format_checker=FormatChecker(["date"]))


def accepts(validator: Draft202012Validator, document: Any) -> bool:
    """Numbers as decimals: 0.07 is a multiple of 0.01."""
    return validator.is_valid(json.loads(json.dumps(document), parse_float=Decimal))


def default_policy(client: Client) -> dict[str, Any]:
    return {name: value for name, value in client.expect(200, "GET", "/v1/policy").items() if name not in BESIDE}


def test_defaults_are_those_of_a_new_workspace(client: Client) -> None:
    schema = schema_of(client)
    default = default_policy(client)
    assert {name: member["default"] for name, member in schema["properties"].items()} == default
    assert list(schema["properties"]) == list(default)
    for name, member in schema["properties"].items():
        for within, value in member.get("properties", {}).items():
            assert value["default"] == default[name][within], (name, within)
    assert accepts(validator_of(client), default_policy(client)) and accepts(validator_of(client), {})


def multiples_of(schema: Any) -> set[float]:
    """Every step that a number of the schema goes by."""
    if isinstance(schema, dict):
        own = {float(schema["multipleOf"])} if "multipleOf" in schema else set()
        return own.union(*map(multiples_of, schema.values()))
    return set().union(*map(multiples_of, schema)) if isinstance(schema, list) else set()


def test_tells_validators_that_divide_in_binary_how_far_steps_go(client: Client) -> None:
    schema = schema_of(client)
    assert multiples_of(schema) == {0.01, 1e-6} and "multipleOfPrecision: 6" in schema["$comment"]


def test_is_open_to_read_and_to_nobody_else(workspace: Workspace) -> None:
    assert workspace.client_for("read").get("/v1/policy/schema").status == 200
    assert workspace.server.client().get("/v1/policy/schema").status == 401


def test_money_has_the_currencys_decimals(new_workspace: Callable[..., Workspace]) -> None:
    yen, dinar = (validator_of(new_workspace(currency=currency).client) for currency in ("JPY", "KWD"))
    for amount, in_yen, in_dinar in ((5, True, True), (5.5, False, True), ("5.125", False, True), (5.1255, False, False), ("5.0", True, True)):
        assert (accepts(yen, {"hour_cost": amount}), accepts(dinar, {"hour_cost": amount})) == (in_yen, in_dinar), amount


CRITERION = {"id": "industry", "dimension": "market", "attribute": "industry", "op": "in", "value": ["software"], "weight": 3}
BAD: list[Any] = [
    [], {"no_such": 1}, {"today": "2026-02-30"}, {"today": 5}, {"fiscal_year_start": "02-29"}, {"fiscal_year_start": "13-01"},
    {"review_months": 0}, {"review_months": 1.5}, {"revenue_from": "both"}, {"default_margin_pct": 100.01}, {"default_margin_pct": 1.005},
    {"hour_cost": -1}, {"hour_cost": "5,50"}, {"hour_cost": 0.005}, {"lines": [""]}, {"lines": [5]}, {"lines": "pumps"}, {"rates": {"usd": 1}},
    {"rates": {"USD": 0}}, {"rates": []}, {"key_pct": 0}, {"key_pct": None}, {"engagement": {"reach": -1}}, {"engagement": {"depth": 1}},
    {"engagement": dict.fromkeys(("reach", "initiative", "rhythm", "orders", "breadth"), 0)}, {"engagement": []},
    {"time": dict.fromkeys(("maintenance", "key", "service", "growth"), 0)}, {"full": {"reach": 0}}, {"full": {"rhythm": 1000.1}},
    {"cuts": {"engagement": {"percentile": 100}}}, {"cuts": {"engagement": {"percentile": 5, "score": 5}}}, {"cuts": {"engagement": {}}},
    {"cuts": {"margin": 101}}, {"let_go": {"tiers": ["bronze"]}}, {"let_go": {"pct": "10"}}, {"criteria": [{}]},
    {"criteria": [{**CRITERION, "op": "like"}]}, {"criteria": [{**CRITERION, "weight": 0}]}, {"criteria": [{**CRITERION, "attribute": "shoe"}]},
    {"criteria": [{**CRITERION, "op": "between", "value": [1]}]}, {"criteria": [{**CRITERION, "value": []}]},
    {"criteria": [{**CRITERION, "op": "gte", "value": "many"}]}, {"criteria": [{**CRITERION, "required": "yes"}]}, {"deciders": [" "]},
    {"edges": [0]}, {"max_targets": 10001}, {"event_days": 0}]


@pytest.mark.parametrize("document", BAD, ids=json.dumps)
def test_bad_documents_are_refused_by_both(client: Client, document: Any) -> None:
    assert not accepts(validator_of(client), document)
    assert client.put("/v1/policy", document).status == 422


# Values that are right somewhere and wrong elsewhere.
VALUES: list[Any] = [
    None, True, False, 0, 1, 2, 5, 99, 100, 101, 1000, 10000, 10001, 36500, 36501, -1, 0.01, 0.001, 0.5, 12.25, 99.999, 1e15, 9e15, 1e17, "", " ", "x", "5", "5.25",
    "5.255", "-5", "01-31", "02-29", "2026-03-01", "2026-02-29", "2026-3-1", "auto", "deals", "revenue", [], {}, ["a"], ["a", "a"], [1], [1, 2.5], [0.01, "7.5"], ["service", "key"],
    ["service"] * 6, {"USD": 0.92}, {"USD": "1.5", "JPY": 0.0061}, {"USD": -1}, {"USD": 1e-7}, {"percentile": 20}, {"percentile": 0}, {"score": 33.25},
    {"score": 50, "percentile": 50}, {"score": 100.5}, "x" * 400, "x" * 401, "tab\there", ["deep", ["er"]]]


# Members of a criterion: values that are right, at least for some operator, and values that never are.
MEMBERS: dict[str, tuple[list[Any], list[Any]]] = {
    "id": (["a", "b", "c", " d "], ["", 5, "x" * 129]),
    "dimension": (["market", "enterprise", "persona", "problem"], ["moon", None]),
    "attribute": (["industry", "employees", "personas", "problems", "attributes.erp", "name"], ["attributes.", "protected", "attributes", 5]),
    "op": (["in", "eq", "any", "not_in", "all", "between", "gte", "lte", "exists"], ["is", None]),
    "value": ([1, 2.5, "x", "12.5", True, [1, 2], ["1", "2.5"], ["a"], [True, 1, "b"]], [None, [], [[1]], {}, 0.1234567]),
    "weight": ([1, 3, 0.01, 10000], [0.001, 0, 10000.01, "3"]),
    "required": ([True, False], [None, 1])}


def random_criterion(source: random.Random) -> Any:
    criterion = {name: source.choice(right if source.random() < 0.96 else wrong) for name, (right, wrong) in MEMBERS.items()}
    for name in source.sample(sorted(criterion), source.choice((0, 0, 0, 0, 1))):
        del criterion[name]
    return source.choice([criterion] * 30 + [{**criterion, "extra": 1}, "text"])


def random_document(source: random.Random, default: dict[str, Any]) -> dict[str, Any]:
    """The default with a few members replaced, most often by what has some chance."""
    document = copy.deepcopy(default)
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        name = source.choice(sorted(default))
        where = document
        if isinstance(default[name], dict) and default[name] and source.random() < 0.8:
            where, name = document[name], source.choice(sorted(default[name]))
            if not isinstance(where, dict):
                continue
        where[name] = source.choice(VALUES)
        if name == "criteria":
            where[name] = [random_criterion(source) for _ in range(source.choice((1, 1, 2)))]
    for name in source.sample(sorted(document), source.choice((0, 0, 1, 4))):
        del document[name]
    return document


def is_beyond_a_schema(document: dict[str, Any]) -> bool:
    """What the descriptions say and no schema can: ascending edges, ids once, the lower end first, what amounts come to as text."""
    try:
        edges = [Decimal(str(edge)) for edge in document.get("edges") or []]
        criteria = document.get("criteria", [])
        ids = [each["id"] for each in criteria if "id" in each]
        ranges = [[Decimal(str(end)) for end in each["value"]] for each in criteria if each.get("op") == "between"]
        return edges != sorted(set(edges)) or len(ids) != len(set(ids)) or any(ends != sorted(ends) for ends in ranges)
    except (ArithmeticError, TypeError, KeyError, AttributeError):
        return False


def test_random_documents_are_taken_by_both_or_by_neither(client: Client) -> None:
    source = random.Random(7)
    validator, default = validator_of(client), json.loads(json.dumps(default_policy(client), default=float))
    taken = 0
    for _ in range(DOCUMENTS):
        document = random_document(source, default)
        answer = client.put("/v1/policy", document, {"Prefer": "wait=0"})
        assert answer.status in (200, 422), str(answer)
        if answer.status == 422 and accepts(validator, document) and is_beyond_a_schema(document):
            continue
        assert accepts(validator, document) == (answer.status == 200), f"{document}\n{answer}"
        taken += answer.status == 200
    assert DOCUMENTS // 10 < taken < DOCUMENTS * 9 // 10


def test_criteria_are_taken_by_both_or_by_neither(client: Client) -> None:
    source = random.Random(8)
    validator = validator_of(client)
    taken = 0
    for _ in range(DOCUMENTS):
        document = {"criteria": [random_criterion(source)]}
        answer = client.put("/v1/policy", document, {"Prefer": "wait=0"})
        if answer.status == 422 and accepts(validator, document) and is_beyond_a_schema(document):
            continue
        assert accepts(validator, document) == (answer.status == 200), f"{document}\n{answer}"
        taken += answer.status == 200
    assert DOCUMENTS // 5 < taken < DOCUMENTS * 4 // 5
