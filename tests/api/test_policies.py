# SPDX-License-Identifier: Apache-2.0
"""Versions of the policy: who made them and why, taking one back into force, and watching it come into force."""
from __future__ import annotations

from typing import Any, Callable

import pytest

from .client import Client
from .samples import reviewed_book
from .server import Database, Server, Workspace, wait_for

BESIDE = ("version", "in_force_version", "created_at", "created_by", "actor", "note", "acknowledged", "let_in")


def rules(policy: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in policy.items() if name not in BESIDE}


def versions(client: Client) -> list[dict[str, Any]]:
    return list(client.pages("/v1/policy/versions"))


def key_id(workspace: Workspace) -> str:
    return workspace.value("SELECT id FROM api_key WHERE workspace_id = %s AND role = 'admin'")


def test_note_and_reason_may_stand_in_the_body(workspace: Workspace) -> None:
    client = workspace.client
    client.expect(200, "PATCH", "/v1/policy", {"hour_cost": 45, "note": " dear hours "})
    whole = client.expect(200, "GET", "/v1/policy")
    assert whole["note"] == "dear hours"
    shown = client.expect(200, "PUT", "/v1/policy", {**whole, "hour_cost": 50, "note": "dearer"}, query={"note": "not this one"})
    assert (shown["version"], shown["note"]) == (3, "dearer")
    assert client.expect(200, "PATCH", "/v1/policy", {"hour_cost": 55, "note": None})["note"] is None
    back = client.expect(200, "POST", "/v1/policy/versions/2:reinstate", {"note": "it was right", "acknowledge": "not needed"})
    assert (back["version"], back["note"], back["hour_cost"], back["acknowledged"]) == (5, "it was right", 45, None)
    assert client.call("POST", "/v1/policy/versions/3:reinstate").json["note"] == "version 3 reinstated"


def test_what_is_wrong_beside_the_rules_is_told_with_what_is_wrong_in_them(client: Client) -> None:
    wrong = {"note": 5, "acknowledge": " ", "key_pct": 0, "no_such": 1}
    for method in ("PUT", "PATCH"):
        answer = client.call(method, "/v1/policy", wrong)
        assert (answer.status, sorted(answer.pointers())) == (422, ["/acknowledge", "/key_pct", "/no_such", "/note"])
    answer = client.post("/v1/policy/versions/1:reinstate", {"note": "x" * 1001, "acknowledge": 1, "key_pct": 20})
    assert (answer.status, sorted(answer.pointers())) == (422, ["/acknowledge", "/key_pct", "/note"])
    assert client.post("/v1/policy/versions/1:reinstate", "{").status == 400
    assert client.post("/v1/policy/versions/1:reinstate", []).status == 422


def test_version_has_its_author_and_note(workspace: Workspace) -> None:
    shown = workspace.client.expect(200, "PATCH", "/v1/policy", {"hour_cost": 45}, {"X-Actor": "dana"}, {"note": "dear hours"})
    assert (shown["version"], shown["created_by"], shown["actor"], shown["note"]) == (2, key_id(workspace), "dana", "dear hours")
    listed = versions(workspace.client)
    assert [(each["version"], each["actor"], each["note"]) for each in listed] == [(2, "dana", "dear hours"), (1, None, None)]
    assert listed[0]["in_force"] and not listed[1]["in_force"]


def test_reinstated_is_a_new_version_with_that_document(workspace: Workspace) -> None:
    client = workspace.client
    first = client.expect(200, "PATCH", "/v1/policy", {"hour_cost": 45, "key_pct": 30})
    client.expect(200, "PUT", "/v1/policy", {"hour_cost": 60})
    back = client.expect(200, "POST", "/v1/policy/versions/2:reinstate", {}, {"X-Actor": "kim"})
    assert (back["version"], back["actor"], back["note"], back["created_by"]) == (4, "kim", "version 2 reinstated", key_id(workspace))
    assert rules(back) == rules(first) == rules(client.expect(200, "GET", "/v1/policy/versions/2"))
    noted = client.expect(200, "POST", "/v1/policy/versions/3:reinstate", {}, query={"note": "after all"})
    assert (noted["version"], noted["note"], noted["hour_cost"], noted["key_pct"]) == (5, "after all", 60, 25)


def test_reinstating_what_stands_makes_no_version(workspace: Workspace) -> None:
    client = workspace.client
    client.expect(200, "PATCH", "/v1/policy", {"hour_cost": 45})
    assert client.expect(200, "POST", "/v1/policy/versions/2:reinstate", {})["version"] == 2
    assert len(versions(client)) == 2


@pytest.mark.parametrize("number", ["9", "0", "x", "2147483647", "99999999999"])
def test_reinstating_what_never_was_is_404(client: Client, number: str) -> None:
    assert client.post(f"/v1/policy/versions/{number}:reinstate", {}).status == 404


def test_reinstating_needs_an_admin(workspace: Workspace) -> None:
    assert workspace.client_for("write").post("/v1/policy/versions/1:reinstate", {}).status == 403


def test_reinstated_rules_act(workspace: Workspace) -> None:
    reviewed_book(workspace)
    client = workspace.client
    before = client.expect(200, "GET", "/v1/let-go")
    version = client.expect(200, "GET", "/v1/policy")["version"]
    workspace.pin("2026-03-01", let_go={"pct": 50})
    assert client.expect(200, "GET", "/v1/let-go")["budget"] > before["budget"]
    client.expect(200, "POST", f"/v1/policy/versions/{version}:reinstate", {})
    workspace.wait_settled()
    assert client.expect(200, "GET", "/v1/let-go") == before


@pytest.mark.threads
def test_rescoring_is_seen_until_it_is_in_force(workspace: Workspace) -> None:
    reviewed_book(workspace)
    client = workspace.client
    current = lambda: client.expect(200, "GET", "/v1/reviews/current")["rescoring"]
    assert current() is None
    connection = workspace.database.connect()
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    cursor.execute("LOCK TABLE touched IN SHARE MODE")  # what a flip writes first
    version = client.expect(200, "PATCH", "/v1/policy", {"engagement": {"rhythm": 90}}, {"Prefer": "wait=0"})["version"]
    seen = wait_for(current, 10, "the rescoring to be seen")
    assert (seen["policy"], seen["day"], seen["review"], seen["total"]) == (version, "2026-03-01", 1, 21)
    assert seen["state"] in ("computing", "writing") and seen["done"] <= seen["total"]
    connection.rollback()
    connection.close()
    workspace.wait_settled()
    assert current() is None


@pytest.mark.parametrize("patch, cause", [({"today": "2027-06-01"}, "policy"), ({}, "refresh")])
def test_what_is_written_while_a_flip_is_says_what_flips(own_database: Database, new_server: Callable[..., Server], patch: dict[str, Any],
                                                         cause: str) -> None:
    """A policy may bring another day with it; the day may move by itself. Nobody makes the flip here: it is under way all the time."""
    busy = new_server(own_database)
    workspace = Workspace(busy)
    reviewed_book(workspace)
    assert busy.stop() == 0
    client = new_server(own_database, jobs="false").client(workspace.key)
    version = client.expect(200, "PATCH", "/v1/policy", patch, {"Prefer": "wait=0"})["version"]
    own_database.rows("UPDATE workspace SET next_epoch = epoch + 1, next_state = 'writing', next_day = '2027-06-01', next_policy = %s,"
                      " next_review = review WHERE id = %s RETURNING id", version, workspace.id)
    client.put_record("accounts", "a05", {"name": "Another name"})
    assert own_database.rows("SELECT cause, day::text, list FROM change WHERE workspace_id = %s AND organisation = 'a05' AND policy = %s"
                             " ORDER BY position DESC LIMIT 1", workspace.id, version) == [(cause, "2027-06-01", "lka")]


def test_rescoring_counts_what_is_written(own_database: Database, new_server: Callable[..., Server]) -> None:
    quiet = new_server(own_database, jobs="false")
    busy = new_server(own_database)
    workspace = Workspace(busy)
    reviewed_book(workspace)
    assert busy.stop() == 0
    own_database.rows("UPDATE workspace SET next_epoch = epoch + 1, next_state = 'writing', next_day = day, next_policy = policy,"
                      " next_review = review WHERE id = %s RETURNING id", workspace.id)
    own_database.rows("INSERT INTO standing SELECT (jsonb_populate_record(s, jsonb_build_object('edition', w.epoch + 1))).* FROM standing AS s"
                      " JOIN workspace AS w ON w.id = s.workspace_id WHERE w.id = %s AND organisation < 'a05' RETURNING organisation", workspace.id)
    seen = quiet.client(workspace.key).expect(200, "GET", "/v1/reviews/current")["rescoring"]
    assert (seen["state"], seen["done"], seen["total"]) == ("writing", 5, 21)
