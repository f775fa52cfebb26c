# SPDX-License-Identifier: Apache-2.0
"""Erasing removes a name from every table, remembers that it must not come back, and yields to an explicit PUT alone."""
from __future__ import annotations

import secrets

import pytest

from .client import Client, path_of
from .samples import FULL, KINDS, TODAY, reviewed_book
from .server import Workspace


@pytest.fixture
def mark() -> str:
    """A name that stands nowhere else in the database, which all tests share."""
    return "Erasmus-" + secrets.token_hex(8)


@pytest.fixture
def client(workspace: Workspace) -> Client:
    workspace.pin(TODAY)
    return workspace.client


def traces(workspace: Workspace, mark: str) -> list[str]:
    """Tables of the whole database in which the mark still stands in some row."""
    tables = [name for name, in workspace.database.rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")]
    return [table for table in tables
            if workspace.database.rows(f"SELECT 1 FROM {table} AS t WHERE t::text LIKE %s LIMIT 1", f"%{mark}%")]


def erase(client: Client, kind: str, id_: str) -> int:
    return client.post(path_of(kind, id_, ":erase")).status


@pytest.mark.parametrize("kind", KINDS)
def test_erased_record_leaves_no_trace_and_comes_back_by_put_alone(workspace: Workspace, client: Client, kind: str, mark: str) -> None:
    client.store(kind, mark, FULL[kind])
    assert traces(workspace, mark)
    assert erase(client, kind, mark) == 204
    assert client.get(path_of(kind, mark)).status == 404
    assert traces(workspace, mark) == []
    again = client.import_rows(kind, [{"id": mark, **FULL[kind]}])
    assert again.json["rejected"] == 1 and client.get(path_of(kind, mark)).status == 404
    assert client.put_record(kind, mark, FULL[kind]).status == 201
    assert client.get(path_of(kind, mark)).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_erasing_nothing_is_404(client: Client, kind: str) -> None:
    assert erase(client, kind, "nobody") == 404


def test_erased_organisation_takes_its_facts_history_and_decisions_along(workspace: Workspace, mark: str) -> None:
    reviewed_book(workspace)
    client = workspace.client
    client.store("accounts", mark, {"name": mark})
    client.store("revenue", f"{mark} r", {"organisation": mark, "amount": 10 ** 6, "on": "2026-02-01"})
    client.store("contacts", f"{mark} c", {"organisation": mark, "name": mark})
    client.store("activities", f"{mark} t", {"organisation": mark, "contact": f"{mark} c", "at": "2026-02-01T00:00:00Z"})
    client.store("deals", f"{mark} d", {"organisation": mark, "stage": "won", "closed_on": "2026-02-01"})
    assert client.post(path_of("let-go", mark, "/decisions"), {"decision": "keep", "by": mark, "reason": mark}).status == 201
    workspace.review()
    assert erase(client, "accounts", mark) == 204
    assert traces(workspace, mark) == []


def test_late_reference_to_an_erased_one_does_not_bring_it_back(client: Client, workspace: Workspace, mark: str) -> None:
    client.store("accounts", mark, {"name": mark})
    erase(client, "accounts", mark)
    answer = client.put_record("deals", "d", {"organisation": mark, "amount": 5})
    assert client.get(path_of("accounts", mark)).status == client.get(path_of("prospects", mark)).status == 404
    assert answer.status in (201, 409, 422)


def test_erased_contact_leaves_the_touches_without_the_person(client: Client, workspace: Workspace, mark: str) -> None:
    client.store("contacts", mark, {"organisation": "acme", "name": mark, "email": f"{mark}@example.com"})
    client.store("activities", "t", {"contact": mark, "minutes": 30, "at": "2026-02-01T00:00:00Z"})
    assert erase(client, "contacts", mark) == 204
    shown = client.record("activities", "t")
    assert shown["contact"] is None
    measures = client.record("prospects", "acme")["measures"]
    assert (str(measures["hours_12m"]), measures["reach"]) == ("0.5", 0)
    assert traces(workspace, mark) == []


def test_erasing_forgets_answers_kept_under_idempotency_keys(client: Client, workspace: Workspace, mark: str) -> None:
    client.import_rows("accounts", [{"id": "ok"}, {"id": mark, "employees": f"{mark}"}], headers={"Idempotency-Key": "k1"})
    client.store("accounts", mark, {"name": mark})
    assert erase(client, "accounts", mark) == 204
    assert traces(workspace, mark) == []
