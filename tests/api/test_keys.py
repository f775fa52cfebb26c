# SPDX-License-Identifier: Apache-2.0
"""Keys and walls: roles, revoking on every instance within a second, and workspaces that cannot see each other on any route."""
from __future__ import annotations

import json
import time
from typing import Any, Callable

import pytest

from .client import Client
from .routes import Route, routes
from .samples import reviewed_book
from .server import Server, Workspace, run, wait_for

REVOKED_WITHIN_S = 1.0
ROUTES = routes()
MARK = "SECRET-of-A"

# What makes a request of a route well formed enough to reach the data: by path ending, then by method.
BODIES: dict[str, Any] = {":import": '{"id": "x"}\n', "/decisions": {"decision": "keep", "by": "x", "reason": "y"}, "/policy": {"key_pct": 30},
                          "/reviews": {}, "/reassignments": {}, "/qualify": {"name": "x"}}


def body_of(route: Route) -> tuple[Any, dict[str, str]]:
    for ending, body in BODIES.items():
        if route.path.endswith(ending):
            media = "application/x-ndjson" if ending == ":import" else "application/json"
            if route.method == "GET":
                return None, {}
            return body, {"Content-Type": "application/merge-patch+json" if route.method == "PATCH" else media}
    if route.method in ("PUT", "PATCH"):
        return {"name": "x", "organisation": "mine", "on": "2026-01-01", "at": "2026-01-01T00:00:00Z"}, {}
    return ({}, {}) if route.method == "POST" else (None, {})


def send(client: Client, route: Route, **values: str) -> Any:
    body, headers = body_of(route)
    if not isinstance(body, (str, type(None))) and route.method in ("PUT", "PATCH"):
        kind = route.path.split("/")[2]
        allowed = {"revenue": ("organisation", "on"), "activities": ("at",), "deals": ()}.get(kind, ("name",))
        body = body if kind == "policy" else {name: body[name] for name in allowed if name in body}
    return client.call(route.method, route.at(**values), body, headers)


@pytest.fixture(scope="module")
def marked(server: Server) -> Workspace:
    """A workspace with a book in which everything carries the mark."""
    a = Workspace(server)
    reviewed_book(a)
    client = a.client
    client.store("accounts", "hers", {"name": MARK, "industry": MARK, "seller": MARK})
    client.store("prospects", "hers-too", {"name": MARK})
    client.store("contacts", "hers", {"name": MARK, "organisation": "hers"})
    client.store("sellers", "hers", {"name": MARK})
    client.store("deals", "hers", {"organisation": "hers", "line": MARK, "amount": 5})
    client.store("activities", "hers", {"organisation": "hers", "at": "2026-02-01T00:00:00Z", "seller": MARK})
    client.store("revenue", "hers", {"organisation": "hers", "amount": 5, "on": "2026-02-01", "line": MARK})
    return a


@pytest.fixture
def walls(marked: Workspace, workspace: Workspace) -> tuple[Workspace, Workspace]:
    """The marked workspace, and another that has nothing yet."""
    return marked, workspace


@pytest.fixture(scope="module")
def reader(marked: Workspace) -> Client:
    """A key of the marked workspace that may only read."""
    return marked.client_for("read")


def snapshot(workspace: Workspace) -> list[Any]:
    """Everything of a workspace that another one might have touched."""
    tables = ("seller", "organisation", "contact", "deal", "activity", "revenue", "policy", "review", "decision", "standing", "revenue_day",
              "activity_day", "touch_pair")
    return [workspace.sql(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t WHERE workspace_id = %s") for table in tables]


def test_there_are_routes_to_try() -> None:
    assert len(ROUTES) > 45, "openapi.yaml is missing or empty: the tests generated from it try nothing"


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.is_open], ids=lambda route: f"{route.method} {route.path}")
def test_other_workspace_sees_and_changes_nothing_on_any_route(walls: tuple[Workspace, Workspace], route: Route) -> None:
    a, b = walls
    before = snapshot(a)
    values = {"id": "hers-too" if "/prospects/" in route.path else "hers", "account": "hers", "n": "1", "number": "1"}
    answer = send(b.client, route, **values)
    assert answer.status not in (401, 403, 500, 503), str(answer)
    assert MARK.encode() not in answer.body
    if "{" in route.path and route.method in ("GET", "DELETE", "PATCH"):
        assert answer.status == 404, str(answer)
    assert snapshot(a) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.is_open], ids=lambda route: f"{route.method} {route.path}")
def test_every_route_needs_a_key(server: Server, route: Route) -> None:
    assert send(server.client(None), route, id="x").status == 401
    assert send(server.client("ss_nonsense"), route, id="x").status == 401


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.is_open and route.method != "GET"],
                         ids=lambda route: f"{route.method} {route.path}")
def test_reader_may_not_write_on_any_route(marked: Workspace, reader: Client, route: Route) -> None:
    a = marked
    if any(route.path.endswith(calm) for calm in ("/qualify", "/simulations")):
        pytest.skip("reads although it is a POST")
    before = snapshot(a)
    assert send(reader, route, id="hers").status == 403
    assert snapshot(a) == before


def test_new_key_works_at_once_and_is_shown_once(workspace: Workspace) -> None:
    key = workspace.new_key("read")
    assert "\n" not in key and len(key) > 20
    assert workspace.server.client(key).get("/v1/accounts").status == 200
    listed = run(workspace.database, "key", "list")
    assert key not in listed and "read" in listed
    assert not workspace.database.rows("SELECT 1 FROM api_key AS k WHERE k::text LIKE %s", f"%{key}%")


def key_id(workspace: Workspace, role: str) -> str:
    return workspace.value("SELECT id FROM api_key WHERE workspace_id = %s AND role = %s AND revoked_at IS NULL ORDER BY created_at DESC", role)


def test_revoked_key_dies_within_a_second_on_two_instances(server: Server, second_server: Server, workspace: Workspace) -> None:
    key = workspace.new_key("write")
    clients = [instance.client(key) for instance in (server, second_server)]
    for client in clients:
        for _ in range(8):  # every worker has it cached
            assert client.twin().get("/v1/accounts").status == 200
    run(workspace.database, "key", "revoke", key_id(workspace, "write"))
    revoked_at = time.monotonic()
    for client in clients:
        wait_for(lambda: client.twin().get("/v1/accounts").status == 401, REVOKED_WITHIN_S - (time.monotonic() - revoked_at), "401 after revoking")
    late = time.monotonic()
    assert late - revoked_at <= REVOKED_WITHIN_S + 0.1
    wait_for(lambda: time.monotonic() - revoked_at > REVOKED_WITHIN_S, 2, "a second")
    for client in clients:
        assert [client.twin().get("/v1/accounts").status for _ in range(8)] == [401] * 8
    assert workspace.client.get("/v1/accounts").status == 200


@pytest.mark.parametrize("role, may", [("read", (200, 403, 403)), ("write", (200, 201, 403)), ("admin", (200, 201, 204))])
def test_role_decides_who_reads_writes_and_erases(workspace: Workspace, role: str, may: tuple[int, int, int]) -> None:
    workspace.client.store("accounts", "old", {"name": "old"})
    client = workspace.client_for(role)
    got = (client.get("/v1/accounts/old").status, client.put("/v1/accounts/new", {"name": "new"}).status,
           client.post("/v1/accounts/old:erase").status)
    assert got == may or (got[:2] == may[:2] and may[2] == 204 and got[2] in (200, 204))


def test_same_ids_live_apart_in_two_workspaces(new_workspace: Callable[..., Workspace]) -> None:
    a, b = new_workspace(), new_workspace()
    a.client.store("accounts", "x", {"name": "of A"})
    b.client.store("accounts", "x", {"name": "of B"})
    assert (a.client.record("accounts", "x")["name"], b.client.record("accounts", "x")["name"]) == ("of A", "of B")
    assert b.client.delete("/v1/accounts/x").status == 204
    assert a.client.record("accounts", "x")["name"] == "of A"


def test_workspace_name_is_taken_once(workspace: Workspace) -> None:
    run(workspace.database, "workspace", "create", workspace.name, "--currency", "EUR", expect=1)
    assert json.dumps(workspace.sql("SELECT count(*) FROM workspace WHERE id = %s")) == "[[1]]"
