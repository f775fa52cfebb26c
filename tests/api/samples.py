# SPDX-License-Identifier: Apache-2.0
"""One full, valid body of every kind, and small books that several tests begin with."""
from __future__ import annotations

from typing import Any

from .client import Client
from .server import Workspace

TODAY = "2026-03-01"

ORGANISATION: dict[str, Any] = {
    "name": "Acme Ltd", "seller": "s-17", "industry": "manufacturing", "region": "Nord", "country": "DE", "employees": 350,
    "company_revenue": 12000000, "annual_potential": 90000.25, "annual_potential_on": "2026-01-02", "margin_pct": 42.5,
    "client_since": "2020-01-01", "status": "active", "protected": {"reason": "reference customer", "until": "2027-01-01"},
    "expected_annual": 70000, "access": True, "problems": ["downtime", "scrap"], "revisit_on": "2026-06-30", "domain": "acme.example",
    "attributes": {"erp": "none", "sites": 3, "tags": ["a", "b"]}}

FULL: dict[str, dict[str, Any]] = {
    "sellers": {"name": "Ada", "email": "ada@example.com", "region": "Nord", "weekly_hours": 38.5, "started_on": "2019-04-01",
                "quota": 1000000, "active": True},
    "accounts": ORGANISATION,
    "prospects": ORGANISATION,
    "contacts": {"organisation": "acme", "name": "Bo", "email": "bo@acme.example", "persona": "CEO"},
    "deals": {"organisation": "acme", "seller": "s-17", "amount": 5000.25, "stage": "lost", "opened_on": "2026-01-01",
              "closed_on": "2026-02-01", "line": "pumps"},
    "activities": {"organisation": "acme", "seller": "s-17", "contact": "bo", "kind": "meeting", "direction": "outbound", "minutes": 45,
                   "at": "2026-02-01T09:30:00Z"},
    "revenue": {"organisation": "acme", "amount": 700, "margin": 350.5, "on": "2026-01-31", "line": "pumps"},
}
KINDS = tuple(FULL)

# The least a PUT must say, and one change of it.
LEAST: dict[str, dict[str, Any]] = {
    "sellers": {"name": "Ada"}, "accounts": {"name": "Acme"}, "prospects": {"name": "Acme"}, "contacts": {"name": "Bo"}, "deals": {},
    "activities": {"at": "2026-02-01T09:30:00Z"}, "revenue": {"organisation": "acme", "on": "2026-01-31"}}
CHANGE: dict[str, dict[str, Any]] = {
    "sellers": {"region": "Süd"}, "accounts": {"employees": 12}, "prospects": {"employees": 12}, "contacts": {"persona": "CFO"},
    "deals": {"amount": 77}, "activities": {"minutes": 5}, "revenue": {"amount": -12.5}}


def small_book(workspace: Workspace, clients: int = 20, today: str = TODAY) -> None:
    """Clients a00…: a00 earns most; every second has a touch; one account that never bought. No review yet."""
    workspace.pin(today)
    client = workspace.client
    client.import_all("sellers", [{"id": "s-1", "name": "Ada"}, {"id": "s-2", "name": "Bob"}])
    client.import_all("accounts", [{"id": f"a{n:02d}", "name": f"Account {n:02d}", "industry": ("steel", "paper")[n % 2], "region": "Nord",
                                    "seller": f"s-{1 + n % 2}"} for n in range(clients)] + [{"id": "silent", "name": "Silent"}])
    client.import_all("revenue", [{"id": f"r{n:02d}-{part}", "organisation": f"a{n:02d}", "amount": (clients - n) * 1000 + part,
                                   "on": ("2025-06-15", "2026-02-10")[part], "line": ("x", "y", "z")[(n + part) % 3]}
                                  for n in range(clients) for part in (0, 1)])
    client.import_all("activities", [{"id": f"t{n:02d}", "organisation": f"a{n:02d}", "seller": "s-1", "kind": "call",
                                      "direction": ("inbound", "outbound")[n % 4 // 2], "minutes": 30, "at": "2026-02-20T10:00:00Z"}
                                     for n in range(0, clients, 2)])


def reviewed_book(workspace: Workspace, clients: int = 20) -> dict[str, Any]:
    """The same under a posted review; its answer."""
    small_book(workspace, clients)
    return workspace.review()


def any_let_go(client: Client) -> str:
    """Some account on the let-go list."""
    entries = client.expect(200, "GET", "/v1/let-go")["data"]
    assert entries, "the let-go list is empty"
    return entries[0]["account"]
