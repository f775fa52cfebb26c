# SPDX-License-Identifier: Apache-2.0
"""The oracle's book and review as the database holds them: raw facts, the policy in force, what the review in force froze."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracle.bands import SizeBands
from oracle.book import DEFAULT_POLICY, Activity, Book, Contact, Deal, Decision, Organisation, Override, Revenue, Seller, as_day
from oracle.exact import ONE, exact
from oracle.frozen import Cohort, Review

from .server import Workspace

SIDES = {0: None, 1: False, 2: True}


def book_of(workspace: Workspace) -> Book:
    """Everything stored, hidden things too, under the policy and day in force."""
    day, currency, digits, policy = workspace.sql(
        "SELECT w.day, w.currency, w.currency_digits, p.document FROM workspace AS w"
        " JOIN policy AS p ON p.workspace_id = w.id AND p.version = w.policy WHERE w.id = %s")[0]
    book = Book(day, currency, digits)
    for name in DEFAULT_POLICY:
        if name in policy:
            book.policy[name] = policy[name]
    book.policy["today"] = day.isoformat()
    for kind, read in _READERS.items():
        read(workspace, book)
    return book


def review_of(workspace: Workspace) -> Review:
    """The review in force as it was frozen, with the sides stored since."""
    names = ("number", "day", "policy", "clients", "key_cutoff", "key_revenue", "revenue", "engagement_cut", "potential_cut", "full_reach",
             "full_rhythm", "full_orders", "initiative_available", "revenue_source", "half_year_momentum", "first_revenue_on", "lines_offered", "deals_per_year", "derived_floor")
    row = workspace.sql(f"SELECT {', '.join('r.' + name for name in names)} FROM review AS r"
                        " JOIN workspace AS w ON w.id = r.workspace_id AND w.review = r.number WHERE w.id = %s")[0]
    r = dict(zip(names, row))
    cuts = workspace.value("SELECT document -> 'cuts' FROM policy WHERE workspace_id = %s AND version = %s", r["policy"])
    has_clients = bool(r["clients"])
    has_lines = has_clients and r["lines_offered"] > 0
    return Review(
        day=r["day"], clients=r["clients"], source=r["revenue_source"], first_revenue_on=r["first_revenue_on"],
        momentum_window="half" if r["half_year_momentum"] else "year", key_cutoff=r["key_cutoff"],
        key_revenue_share=Fraction(r["key_revenue"], r["revenue"]) if r["revenue"] else None,
        full={"reach": Fraction(r["full_reach"]) if r["full_reach"] else None,
              "rhythm": Fraction(r["full_rhythm"], ONE) if r["full_rhythm"] else None,
              "orders": Fraction(r["full_orders"], ONE) if r["full_orders"] else None},
        lines_offered=r["lines_offered"], deals_per_year=r["deals_per_year"],
        availability={"reach": bool(r["full_reach"]), "initiative": bool(r["initiative_available"]),
                      "rhythm": bool(r["full_rhythm"]), "orders": bool(r["full_orders"]), "breadth": has_lines,
                      "headroom": has_clients, "white_space": has_lines, "momentum": has_clients},
        cohorts=_cohorts(workspace, r["number"]),
        size_bands=SizeBands(basis="days", without_amount=0, bands=(), floor=r["derived_floor"], quota_infeasible=False),  # of these the floor alone judges
        margin=int(exact((cuts or {}).get("margin", 3)) * 100),
        cuts={"engagement": r["engagement_cut"], "potential": r["potential_cut"]},
        sides={id_: (SIDES[engagement], SIDES[potential]) for id_, engagement, potential in workspace.sql(
            "SELECT organisation, engagement_side, potential_side FROM standing_in_force WHERE workspace_id = %s")})


def reviews_of(workspace: Workspace) -> list[tuple[Any, int]]:
    """(day, clients) of every review so far."""
    return workspace.sql("SELECT day, clients FROM review WHERE workspace_id = %s AND state = 'done' ORDER BY number")


def _cohorts(workspace: Workspace, number: int) -> dict[tuple[str | None, int | None], Cohort]:
    rows = workspace.sql("SELECT industry_key, all_clients, band, clients, median, p75 FROM review_cohort"
                         " WHERE workspace_id = %s AND review = %s", number)
    return {(None, None) if is_all else (industry, band or None): Cohort(clients, median, upper)
            for industry, is_all, band, clients, median, upper in rows}


def _hide(book: Book, table: str, id_: str, deleted: bool) -> None:
    if deleted:
        book._hidden.add((table, id_))


def _read_sellers(workspace: Workspace, book: Book) -> None:
    for id_, region, active, deleted in workspace.sql("SELECT id, region, active, deleted FROM seller WHERE workspace_id = %s"):
        book.sellers[id_] = Seller(id_, region=region, active=active)
        _hide(book, "sellers", id_, deleted)


def _read_organisations(workspace: Workspace, book: Book) -> None:
    for (id_, is_account, name, seller, industry, employees, potential, potential_on, margin_pct, client_since, status, protected,
         stub, deleted) in workspace.sql(
            "SELECT id, is_account, name, seller, industry, employees, annual_potential, annual_potential_on, margin_pct, client_since,"
            " status, protected, stub, deleted FROM organisation WHERE workspace_id = %s"):
        book.organisations[id_] = Organisation(
            id_, kind="account" if is_account else "prospect", name=name, seller=seller, industry=industry, employees=employees,
            annual_potential=potential, annual_potential_on=potential_on,
            margin_pct=None if margin_pct is None else Fraction(margin_pct, 100), client_since=client_since, status=status,
            protected_until=as_day(protected["until"]) if protected else None, stub=stub)
        _hide(book, "organisations", id_, deleted)


def _read_contacts(workspace: Workspace, book: Book) -> None:
    for id_, organisation, persona, deleted in workspace.sql(
            "SELECT id, organisation, persona, deleted FROM contact WHERE workspace_id = %s"):
        book.contacts[id_] = Contact(id_, organisation, persona=persona)
        _hide(book, "contacts", id_, deleted)


def _read_deals(workspace: Workspace, book: Book) -> None:
    for id_, organisation, seller, amount, stage, opened_on, closed_on, line, deleted in workspace.sql(
            "SELECT id, organisation, seller, amount, stage, opened_on, closed_on, line, deleted FROM deal WHERE workspace_id = %s"):
        book.deals[id_] = Deal(id_, organisation, seller, amount, stage, opened_on, closed_on, line)
        _hide(book, "deals", id_, deleted)


def _read_activities(workspace: Workspace, book: Book) -> None:
    for id_, organisation, seller, contact, kind, direction, minutes, on, deleted in workspace.sql(
            "SELECT id, organisation, seller, contact, kind, direction, minutes, (at AT TIME ZONE 'UTC')::date, deleted"
            " FROM activity WHERE workspace_id = %s"):
        book.activities[id_] = Activity(id_, organisation, seller, contact, kind, direction, Fraction(minutes or 0), on)
        _hide(book, "activities", id_, deleted)


def _read_revenue(workspace: Workspace, book: Book) -> None:
    for id_, organisation, amount, margin, on, line, deleted in workspace.sql(
            "SELECT id, organisation, amount, margin, day, line, deleted FROM revenue WHERE workspace_id = %s"):
        book.revenue[id_] = Revenue(id_, organisation, amount or 0, margin, on, line)
        _hide(book, "revenue", id_, deleted)


def _read_decisions(workspace: Workspace, book: Book) -> None:
    book.decisions = [Decision(*row) for row in workspace.sql(
        "SELECT organisation, decision, day, until FROM decision WHERE workspace_id = %s ORDER BY id")]


def _read_overrides(workspace: Workspace, book: Book) -> None:
    book.overrides = [Override(*row) for row in workspace.sql(
        "SELECT organisation, tier, until FROM override WHERE workspace_id = %s AND tier IS NOT NULL")]


def _read_assignments(workspace: Workspace, book: Book) -> None:
    for id_, list_, seller, is_on in workspace.sql("SELECT organisation, list, seller, is_on FROM assignment WHERE workspace_id = %s"):
        book.assign(id_, list_, seller, not is_on)


_READERS = {"sellers": _read_sellers, "organisations": _read_organisations, "contacts": _read_contacts, "deals": _read_deals,
            "activities": _read_activities, "revenue": _read_revenue, "decisions": _read_decisions,
            "overrides": _read_overrides, "assignments": _read_assignments}
