# SPDX-License-Identifier: Apache-2.0
"""Source times per field, preconditions, statuses: which of two writes wins, and when one is no write at all."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from .client import Client, path_of
from .samples import KINDS, FULL, TODAY, any_let_go, reviewed_book
from .server import Workspace

OLD, NEW = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"


@pytest.fixture
def client(workspace: Workspace) -> Client:
    workspace.pin(TODAY)
    return workspace.client


def row(client: Client, **fields: object) -> dict:
    answer = client.import_rows("accounts", [{"id": "a", **fields}])
    assert answer.status == 200 and answer.json["rejected"] == 0, str(answer)
    return answer.json


def test_older_source_time_loses_field_by_field(client: Client) -> None:
    row(client, employees=10, region="Nord", source_at=NEW)
    row(client, employees=99, country="DE", source_at=OLD)
    shown = client.record("accounts", "a")
    assert (shown["employees"], shown["region"], shown["country"]) == (10, "Nord", "DE")


def test_write_without_source_time_is_later_than_what_stands(client: Client) -> None:
    row(client, employees=10)
    row(client, employees=11)
    row(client, employees=12, source_at=NEW)
    assert client.record("accounts", "a")["employees"] == 11


def test_source_time_in_the_future_counts_as_now(client: Client) -> None:
    future = (datetime.now(timezone.utc) + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    row(client, employees=10, source_at=future)
    row(client, employees=11)
    assert client.record("accounts", "a")["employees"] == 11


def test_cleared_field_has_a_source_time_too(client: Client) -> None:
    row(client, employees=10, source_at=OLD)
    row(client, employees=None, source_at=NEW)
    row(client, employees=12, source_at="2024-06-01T00:00:00Z")
    assert client.record("accounts", "a")["employees"] is None


def test_equal_source_time_is_a_correction(client: Client) -> None:
    row(client, employees=10, source_at=NEW)
    row(client, employees=12, source_at=NEW)
    assert client.record("accounts", "a")["employees"] == 12


def test_unchanged_write_keeps_etag_but_advances_source_times(client: Client) -> None:
    row(client, employees=10, source_at=OLD)
    before = client.get("/v1/accounts/a").etag
    assert row(client, employees=10, source_at=NEW)["unchanged"] == 1
    assert client.get("/v1/accounts/a").etag == before
    row(client, employees=12, source_at="2024-06-01T00:00:00Z")
    assert client.record("accounts", "a")["employees"] == 10


def test_import_row_leaves_absent_columns_and_clears_nulls(client: Client) -> None:
    client.store("accounts", "a", FULL["accounts"])
    row(client, industry=None, employees=7)
    shown = client.record("accounts", "a")
    assert (shown["industry"], shown["employees"], shown["region"]) == (None, 7, "Nord")


# --- attributes ---


def attributes(client: Client) -> dict:
    return client.record("accounts", "a")["attributes"]


def test_patch_of_attributes_names_some_and_leaves_the_others(client: Client) -> None:
    client.store("accounts", "a", {"name": "A", "attributes": {"erp": "sap", "sites": 3, "gone": True, "told": None}})
    client.patch("/v1/accounts/a", {"attributes": {"sites": 4, "gone": None, "never": None, "new": ["x", None]}})
    assert attributes(client) == {"erp": "sap", "sites": 4, "told": None, "new": ["x", None]}
    before = client.get("/v1/accounts/a").etag
    client.patch("/v1/accounts/a", {"attributes": {"sites": 4}})
    assert client.get("/v1/accounts/a").etag == before
    client.patch("/v1/accounts/a", {"attributes": None})
    assert attributes(client) == {}


def protection(client: Client) -> dict | None:
    return client.record("accounts", "a")["protected"]


def test_patch_of_a_protection_may_say_one_part_where_one_stands(client: Client) -> None:
    client.store("accounts", "a", {"name": "A", "protected": {"reason": "pilot", "until": "2026-12-31"}})
    client.patch("/v1/accounts/a", {"protected": {"until": "2027-06-30"}})
    assert protection(client) == {"reason": "pilot", "until": "2027-06-30"}
    row(client, protected={"reason": "partner"})
    assert protection(client) == {"reason": "partner", "until": "2027-06-30"}
    before = client.get("/v1/accounts/a").etag
    client.patch("/v1/accounts/a", {"protected": {}})
    assert (client.get("/v1/accounts/a").etag, protection(client)) == (before, {"reason": "partner", "until": "2027-06-30"})


@pytest.mark.parametrize("said", [{"until": "2027-06-30"}, {"reason": "pilot"}, {}])
def test_part_of_a_protection_is_refused_where_none_stands(client: Client, said: dict) -> None:
    client.store("accounts", "a", {"name": "A"})
    answer = client.patch("/v1/accounts/a", {"protected": said, "attributes": {f"n{n}": 1 for n in range(100)}})
    assert (answer.status, answer.pointers()) == (422, ["/protected"])
    assert client.import_rows("accounts", [{"id": "a", "protected": said}]).json["rejected"] == 1
    assert client.put("/v1/accounts/a", {"name": "A", "protected": said}).status == 422
    assert protection(client) is None


@pytest.mark.parametrize("part", ["reason", "until"])
def test_part_of_a_protection_cannot_be_null(client: Client, part: str) -> None:
    client.store("accounts", "a", {"name": "A", "protected": {"reason": "pilot", "until": "2026-12-31"}})
    answer = client.patch("/v1/accounts/a", {"protected": {part: None}})
    assert (answer.status, answer.pointers()) == (422, [f"/protected/{part}"])


@pytest.mark.parametrize("names", [['a"b', "a#b"], ["t\tx", "t!x"], ["\x01x", "!"], ["b\\c", "b]", "bZ"], ["n\nx", "é", "\U0001f600"]], ids=repr)
def test_names_of_attributes_that_json_escapes_leave_the_etag_alone(client: Client, names: list[str]) -> None:
    """The ETag that a PUT answers is that of the GET behind it, and what GET answers may be put back."""
    stored = client.put("/v1/accounts/a", {"name": "A", "attributes": dict.fromkeys(names, 1)})
    read = client.get("/v1/accounts/a")
    assert stored.etag == read.etag
    assert client.put("/v1/accounts/a", read.json, headers={"If-Match": stored.etag}).etag == stored.etag
    assert client.import_rows("accounts", [{"id": "a", "attributes": {names[0]: None}}]).json["updated"] == 1
    assert attributes(client) == dict.fromkeys(names[1:], 1)


def test_put_of_attributes_names_all_there_are(client: Client) -> None:
    client.store("accounts", "a", {"name": "A", "attributes": {"erp": "sap", "sites": 3}})
    client.store("accounts", "a", {"name": "A", "attributes": {"sites": None}})
    assert attributes(client) == {"sites": None}


def test_import_rows_add_to_attributes_also_within_one_import(client: Client) -> None:
    row(client, attributes={"erp": "sap", "sites": 3, "never": None})
    answer = client.import_rows("accounts", [{"id": "a", "attributes": {"sites": 4}}, {"id": "a", "attributes": {"erp": None, "new": 1}}])
    assert answer.json["updated"] == 2, str(answer)
    assert attributes(client) == {"sites": 4, "new": 1}


def test_attributes_are_one_field_to_source_times(client: Client) -> None:
    row(client, attributes={"erp": "sap"}, source_at=NEW)
    row(client, attributes={"sites": 3}, source_at=OLD)
    assert attributes(client) == {"erp": "sap"}
    row(client, attributes={"sites": 4}, source_at=NEW)
    assert attributes(client) == {"erp": "sap", "sites": 4}


@pytest.mark.parametrize("first, more", [({f"n{n}": 1 for n in range(60)}, {f"m{n}": 1 for n in range(41)}),
                                         ({"a": "x" * 40000}, {"b": "x" * 30000})])
def test_attributes_that_grow_beyond_their_bounds_are_refused(client: Client, first: dict, more: dict) -> None:
    client.store("accounts", "a", {"name": "A", "attributes": first})
    answer = client.patch("/v1/accounts/a", {"attributes": more})
    assert (answer.status, answer.pointers()) == (422, ["/attributes"])
    assert client.import_rows("accounts", [{"id": "a", "attributes": more}]).json["rejected"] == 1
    assert attributes(client) == first
    client.patch("/v1/accounts/a", {"attributes": dict.fromkeys(first)})
    client.patch("/v1/accounts/a", {"attributes": more})
    assert attributes(client) == more


def test_import_row_into_a_deleted_record_is_rejected(client: Client) -> None:
    client.store("accounts", "a", {"name": "A"})
    client.delete("/v1/accounts/a")
    answer = client.import_rows("accounts", [{"id": "a", "name": "B"}, {"id": "b", "name": "B"}])
    assert (answer.json["rejected"], answer.json["created"]) == (1, 1)
    assert client.get("/v1/accounts/a").status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_if_match_with_an_old_tag_is_412_on_put_patch_and_delete(client: Client, kind: str) -> None:
    old = client.put_record(kind, "one", FULL[kind]).etag
    changed = client.patch(path_of(kind, "one"), {"line": "other"} if kind in ("deals", "revenue") else
                           {"minutes": 1} if kind == "activities" else {"name": "Other"})
    assert changed.status == 200 and changed.etag != old
    path = path_of(kind, "one")
    assert client.put_record(kind, "one", FULL[kind], {"If-Match": old}).status == 412
    assert client.patch(path, {}, {"If-Match": old}).status == 412
    assert client.delete(path, {"If-Match": old}).status == 412
    assert client.get(path).etag == changed.etag
    assert client.put_record(kind, "one", FULL[kind], {"If-Match": changed.etag}).status == 200
    assert client.delete(path, {"If-Match": "*"}).status == 204
    assert client.put_record(kind, "one", FULL[kind], {"If-Match": "*"}).status == 412


def test_if_none_match_gives_304_until_the_record_changes(client: Client) -> None:
    tag = client.put_record("accounts", "a", {"name": "A"}).etag
    unchanged = client.get("/v1/accounts/a", {"If-None-Match": tag})
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert client.get("/v1/accounts/a", {"If-None-Match": f'"x", W/{tag}'}).status == 304
    client.store("accounts", "a", {"name": "B"})
    assert client.get("/v1/accounts/a", {"If-None-Match": tag}).status == 200


def test_etag_of_an_organisation_changes_with_its_measures(client: Client) -> None:
    tag = client.put_record("accounts", "a", {"name": "A"}).etag
    client.store("revenue", "r", {"organisation": "a", "amount": 5, "on": "2026-02-01"})
    assert client.get("/v1/accounts/a", {"If-None-Match": tag}).status == 200


def test_potential_without_date_takes_the_books_day_and_keeps_it_while_unchanged(client: Client, workspace: Workspace) -> None:
    client.store("accounts", "a", {"name": "A", "annual_potential": 500})
    assert client.record("accounts", "a")["annual_potential_on"] == TODAY
    workspace.pin("2026-04-01")
    client.store("accounts", "a", {"name": "A", "annual_potential": 500})
    assert client.record("accounts", "a")["annual_potential_on"] == TODAY
    client.store("accounts", "a", {"name": "A", "annual_potential": 600})
    assert client.record("accounts", "a")["annual_potential_on"] == "2026-04-01"
    client.store("accounts", "a", {"name": "A"})
    assert client.record("accounts", "a")["annual_potential_on"] is None


def test_status_let_go_by_put_is_422(client: Client) -> None:
    assert client.put_record("accounts", "a", {"name": "A", "status": "let_go"}).pointers() == ["/status"]


def test_let_go_stays_through_writes_and_yields_to_an_explicit_active(workspace: Workspace) -> None:
    reviewed_book(workspace)
    client = workspace.client
    id_ = any_let_go(client)
    assert client.post(path_of("let-go", id_, "/decisions"), {"decision": "let_go", "by": "Ada", "reason": "small"}).status in (200, 201)
    shown = client.record("accounts", id_)
    assert (shown["status"], shown["classification"]["list"], shown["classification"]["tier"]) == ("let_go", "none", None)
    client.store("accounts", id_, {"name": "again"})
    assert client.record("accounts", id_)["status"] == "let_go"
    client.store("accounts", id_, {"name": "again", "status": "let_go"})
    client.store("accounts", id_, {"name": "again", "status": "inactive"})
    assert client.record("accounts", id_)["status"] == "let_go"
    row_answer = client.import_rows("accounts", [{"id": id_, "employees": 5}])
    assert row_answer.json["rejected"] == 0 and client.record("accounts", id_)["status"] == "let_go"
    client.store("accounts", id_, {"name": "again", "status": "active"})
    shown = client.record("accounts", id_)
    assert shown["status"] == "active" and shown["classification"]["tier"] is not None


def test_derived_seller_sent_back_is_not_taken_as_stated(client: Client) -> None:
    client.store("accounts", "a", {"name": "A"})
    client.store("deals", "d", {"organisation": "a", "seller": "s-1", "stage": "won", "amount": 5, "closed_on": "2026-02-01"})
    shown = client.record("accounts", "a")
    assert (shown["seller"], shown["seller_source"]) == ("s-1", "deals")
    client.store("accounts", "a", {"name": "A", "seller": "s-1", "seller_source": "deals"})
    client.store("deals", "d", {"organisation": "a", "seller": "s-2", "stage": "won", "amount": 5, "closed_on": "2026-02-01"})
    assert client.record("accounts", "a")["seller"] == "s-2"
    client.store("accounts", "a", {"name": "A", "seller": "s-9"})
    shown = client.record("accounts", "a")
    assert (shown["seller"], shown["seller_source"]) == ("s-9", "given")


def test_deal_opened_after_closed_is_refused_also_across_two_writes(client: Client) -> None:
    client.store("deals", "d", {"opened_on": "2026-01-10", "closed_on": "2026-01-20", "stage": "won"})
    assert client.patch("/v1/deals/d", {"closed_on": "2026-01-09"}).pointers() == ["/closed_on"]
    assert client.patch("/v1/deals/d", {"opened_on": "2026-01-21"}).pointers() == ["/opened_on"]
    assert client.record("deals", "d")["opened_on"] == "2026-01-10"
