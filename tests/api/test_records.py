# SPDX-License-Identifier: Apache-2.0
"""PUT, PATCH, GET and DELETE of the seven kinds: what goes in comes out, creates or replaces, hides and returns."""
from __future__ import annotations

from typing import Any, Callable

import pytest

from .client import Client, path_of
from .expectation import plain
from .samples import CHANGE, FULL, KINDS, LEAST, TODAY
from .server import Workspace

ODD_IDS = ["a/b", "a%2Fb", "Müller & Söhne", "株式会社 さくら", "x?q=1#y", "50% #1", "..", ".", "a+b", "a:erase", "q\"uo'te", "ö" * 64, "x" * 128]
BAD_IDS = ["x" * 129, "tab\there", "\x7f", " outer", "outer ", "line\nbreak"]


@pytest.fixture
def client(workspace: Workspace) -> Client:
    workspace.pin(TODAY)
    return workspace.client


@pytest.mark.parametrize("kind", KINDS)
def test_put_full_record_is_created_then_shown_with_every_field(client: Client, kind: str) -> None:
    answer = client.put_record(kind, "one", FULL[kind])
    assert answer.status == 201, str(answer)
    shown = client.record(kind, "one")
    assert shown["id"] == "one"
    assert {name: shown[name] for name in FULL[kind]} == FULL[kind]
    assert shown["created_at"].endswith("Z") and shown["updated_at"].endswith("Z")


@pytest.mark.parametrize("kind", KINDS)
def test_put_again_the_same_is_200_and_keeps_etag(client: Client, kind: str) -> None:
    first = client.put_record(kind, "one", FULL[kind])
    second = client.put_record(kind, "one", FULL[kind])
    assert (first.status, second.status) == (201, 200)
    assert first.etag == second.etag == client.get(path_of(kind, "one")).etag


@pytest.mark.parametrize("kind", KINDS)
def test_put_replaces_so_that_a_field_left_out_is_cleared(client: Client, kind: str) -> None:
    client.store(kind, "one", FULL[kind])
    client.store(kind, "one", LEAST[kind])
    fallbacks = {"status": "active", "active": True, "stage": "open", "kind": "other", "problems": [], "attributes": {}}
    shown = client.record(kind, "one")
    for name in FULL[kind]:
        if name == "seller" and kind in ("accounts", "prospects"):
            continue  # derived where none is stated
        assert shown[name] == LEAST[kind].get(name, fallbacks.get(name)), name


@pytest.mark.parametrize("kind", KINDS)
def test_patch_changes_what_it_names_and_nothing_else(client: Client, kind: str) -> None:
    before = client.store(kind, "one", FULL[kind])
    answer = client.patch(path_of(kind, "one"), CHANGE[kind])
    assert answer.status == 200, str(answer)
    after = client.record(kind, "one")
    assert {name: after[name] for name in FULL[kind]} == {**{name: before[name] for name in FULL[kind]}, **CHANGE[kind]}


@pytest.mark.parametrize("kind", KINDS)
def test_patch_of_nothing_is_404(client: Client, kind: str) -> None:
    assert client.patch(path_of(kind, "nobody"), CHANGE[kind]).status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_delete_hides_until_a_put_brings_it_back(client: Client, kind: str) -> None:
    client.store(kind, "one", FULL[kind])
    assert client.delete(path_of(kind, "one")).status == 204
    assert client.get(path_of(kind, "one")).status == 404
    assert client.patch(path_of(kind, "one"), CHANGE[kind]).status == 404
    assert client.delete(path_of(kind, "one")).status == 404
    assert client.put_record(kind, "one", LEAST[kind]).status == 201
    assert client.get(path_of(kind, "one")).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_get_answers_may_be_put_back_unchanged(client: Client, kind: str) -> None:
    client.store(kind, "one", FULL[kind])
    before = client.get(path_of(kind, "one"))
    answer = client.put(path_of(kind, "one"), plain(before.json))
    assert answer.status == 200, str(answer)
    after = client.get(path_of(kind, "one"))
    assert after.etag == before.etag
    assert after.json == before.json


@pytest.mark.parametrize("id_", ODD_IDS)
def test_odd_id_is_stored_and_found_as_it_is(client: Client, id_: str) -> None:
    client.store("accounts", id_, {"name": "Odd"})
    assert client.record("accounts", id_)["id"] == id_
    assert id_ in [each["id"] for each in client.pages("/v1/accounts")]


@pytest.mark.parametrize("id_", BAD_IDS)
def test_bad_id_is_refused_in_path_and_import(client: Client, id_: str) -> None:
    assert client.put_record("accounts", id_, {"name": "Bad"}).status in (404, 422)
    answer = client.import_rows("accounts", [{"id": id_}, {"id": "good"}])
    assert (answer.json["rejected"], answer.json["created"]) == (1, 1)
    assert answer.json["errors"][0]["pointer"] == "/id"


def test_body_id_other_than_path_is_422(client: Client) -> None:
    assert client.put("/v1/accounts/one", {"id": "two", "name": "x"}).pointers() == ["/id"]


def test_reference_to_unknown_makes_a_stub_that_is_filled_when_it_comes(client: Client) -> None:
    client.store("activities", "t", FULL["activities"])
    stub = client.record("prospects", "acme")
    assert stub["stub"] is True and stub["name"] == "acme"
    assert client.record("sellers", "s-17")["stub"] is True
    assert client.record("contacts", "bo")["stub"] is True
    assert client.put_record("contacts", "bo", FULL["contacts"]).status == 201
    filled = client.record("contacts", "bo")
    assert not filled.get("stub") and filled["name"] == "Bo"


def test_late_reference_does_not_bring_a_deleted_one_back(client: Client) -> None:
    client.store("accounts", "acme", {"name": "Acme"})
    client.delete("/v1/accounts/acme")
    client.store("deals", "d", FULL["deals"])
    assert client.get("/v1/accounts/acme").status == 404
    assert client.get("/v1/prospects/acme").status == 404


@pytest.mark.parametrize("kind, record", [("revenue", {"organisation": "p", "amount": 1, "on": "2026-02-01"}),
                                          ("deals", {"organisation": "p", "stage": "won", "closed_on": "2026-02-01"})])
def test_prospect_that_buys_becomes_an_account_for_good(client: Client, kind: str, record: dict[str, Any]) -> None:
    client.store("prospects", "p", {"name": "P"})
    client.store(kind, "fact", record)
    answer = client.get("/v1/prospects/p")
    assert (answer.status, answer.headers["location"]) == (308, "/v1/accounts/p")
    client.delete(path_of(kind, "fact"))
    assert client.record("accounts", "p")["name"] == "P"
    assert client.put("/v1/prospects/p", {"name": "P"}).status == 409


@pytest.mark.parametrize("kind, record", [("revenue", {"organisation": "p", "amount": 1, "on": "2026-03-02"}),
                                          ("revenue", {"organisation": "p", "amount": -1, "on": "2026-02-01"}),
                                          ("deals", {"organisation": "p", "stage": "won"}),
                                          ("deals", {"organisation": "p", "stage": "lost", "closed_on": "2026-02-01"})])
def test_prospect_without_earlier_revenue_stays_one(client: Client, kind: str, record: dict[str, Any]) -> None:
    client.store("prospects", "p", {"name": "P"})
    client.store(kind, "fact", record)
    assert client.get("/v1/prospects/p").status == 200
    assert client.get("/v1/accounts/p").status == 404


def test_prospect_is_promoted_when_the_day_of_its_revenue_comes(workspace: Workspace, client: Client) -> None:
    client.store("prospects", "p", {"name": "P"})
    client.store("revenue", "r", {"organisation": "p", "amount": 1, "on": "2026-03-02"})
    workspace.pin("2026-03-02")
    assert client.get("/v1/prospects/p").status == 308
    assert client.record("accounts", "p")["measures"]["revenue_12m"] == 1


def test_put_as_an_account_promotes_a_prospect(client: Client) -> None:
    client.store("prospects", "p", {"name": "P"})
    assert client.put("/v1/accounts/p", {"name": "P"}).status == 200
    assert client.get("/v1/prospects/p").status == 308


@pytest.mark.parametrize("written, shown", [(5000, "5000"), (5000.25, "5000.25"), ("5000.25", "5000.25"), ("5000", "5000"),
                                            (90071992547409.92, "90071992547409.92")])
def test_money_is_taken_as_number_or_decimal_string(client: Client, written: Any, shown: str) -> None:
    client.store("deals", "d", {"amount": written})
    assert str(client.record("deals", "d")["amount"]) == shown


@pytest.mark.parametrize("written", [5000.255, "5000.255", "1,000", "$5", "90071992547409.93", 1e300, "", True, [5]])
def test_money_that_is_not_exact_is_refused(client: Client, written: Any) -> None:
    answer = client.put_record("sellers", "s", {"name": "S", "quota": written}) if written != "" else client.put_record(
        "sellers", "s", {"name": "S", "quota": "x"})
    assert answer.status == 422 and answer.pointers() == ["/quota"], str(answer)


def test_foreign_currency_is_converted_by_the_policys_rate_and_refused_without(workspace: Workspace, client: Client) -> None:
    refused = client.put_record("deals", "d", {"amount": 100, "currency": "USD"})
    assert refused.status == 422 and refused.pointers() == ["/currency"]
    workspace.pin(TODAY, rates={"USD": 0.9})
    client.store("deals", "d", {"amount": 100, "currency": "USD"})
    assert client.record("deals", "d")["amount"] == 90


@pytest.mark.parametrize("currency, amount, ok", [("JPY", 5000, True), ("JPY", 5000.5, False), ("KWD", 1.125, True), ("KWD", 1.1255, False)])
def test_decimals_are_those_of_the_workspaces_currency(new_workspace: Callable[..., Workspace], currency: str, amount: float, ok: bool) -> None:
    client = new_workspace(currency=currency).client
    answer = client.put_record("deals", "d", {"amount": amount})
    assert (answer.status == 201) == ok, str(answer)


def test_rescoring_is_part_of_the_write(client: Client, workspace: Workspace) -> None:
    client.store("revenue", "first", {"organisation": "other", "amount": 0, "on": "2026-02-01"})  # so that revenue comes from entries
    client.store("accounts", "acme", {"name": "Acme"})
    workspace.review()
    client.store("revenue", "r", {"organisation": "acme", "amount": 500, "on": "2026-02-01"})
    assert client.record("accounts", "acme")["measures"]["revenue_12m"] == 500
    client.patch("/v1/revenue/r", {"organisation": "other"})
    assert client.record("accounts", "acme")["measures"]["revenue_12m"] == 0
    assert client.record("accounts", "other")["measures"]["revenue_12m"] == 500


def test_contact_that_moves_takes_its_touches_along(client: Client) -> None:
    client.store("contacts", "bo", {"name": "Bo", "organisation": "a"})
    client.store("activities", "t", {"contact": "bo", "minutes": 60, "at": "2026-02-01T09:30:00Z"})
    assert client.record("prospects", "a")["measures"]["hours_12m"] == 1
    client.patch("/v1/contacts/bo", {"organisation": "b"})
    assert client.record("prospects", "a")["measures"]["hours_12m"] == 0
    assert client.record("prospects", "b")["measures"]["hours_12m"] == 1
    assert client.record("prospects", "b")["measures"]["reach"] == 1


def test_actor_is_accepted_and_every_answer_has_a_request_id(client: Client) -> None:
    answer = client.put("/v1/accounts/x", {"name": "X"}, {"X-Actor": "Ada", "X-Request-Id": "mine-1"})
    assert answer.status == 201 and answer.headers["x-request-id"] == "mine-1"
    ids = {client.get("/v1/accounts/x").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_head_answers_like_get_without_a_body(client: Client) -> None:
    client.store("accounts", "x", {"name": "X"})
    head, get = client.call("HEAD", "/v1/accounts/x"), client.get("/v1/accounts/x")
    assert (head.status, head.body, head.etag) == (200, b"", get.etag)
