# SPDX-License-Identifier: Apache-2.0
"""A workspace's book of facts in memory, built from the API's own records. No rule is judged here.

A *shelf* is a book as data, the shape that is sent to the server and given to the oracle alike:

    {"currency": "EUR", "minor_digits": 2, "today": "2025-06-30", "policy": {...merge patch...},
     "records": {"sellers": [{"id": ..., ...PUT body...}], "accounts": [...], "prospects": [...],
                 "contacts": [...], "deals": [...], "activities": [...], "revenue": [...]}}
"""
from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any, Iterable

from .exact import exact, round_away

KINDS = ("sellers", "accounts", "prospects", "contacts", "deals", "activities", "revenue")

DEFAULT_POLICY: dict[str, Any] = {
    "today": None, "fiscal_year_start": "01-01", "review_months": 6, "revenue_from": "auto",
    "default_margin_pct": 100, "hour_cost": 0, "lines": None, "rates": {},
    "key_pct": 25, "small_pct": 50,
    "engagement": {"reach": 35, "initiative": 15, "rhythm": 20, "orders": 20, "breadth": 10},
    "potential": {"headroom": 50, "white_space": 15, "momentum": 15, "fit": 20},
    "full": {"reach": None, "rhythm": None, "orders": None},
    "cuts": {"engagement": {"percentile": 50}, "potential": {"percentile": 50}, "margin": 3},
    "let_go": {"pct": 10, "tiers": ["service"], "min_tenure_days": 180},
    "criteria": [], "fit_threshold": 60,
    "deciders": ["owner", "founder", "ceo", "cfo", "coo", "cto", "president", "vp", "director",
                 "decision maker"],
    "floor_deal": None, "floor_annual": None, "edges": None, "max_targets": 9, "max_leads": 10,
    "account_management_pct": 60,
    "time": {"maintenance": 20, "key": 30, "service": 5, "growth": 45},
    "shortlist_max": 5, "commitment_days": 182, "keep_days": 365, "event_days": 30,
}


class Conflict(Exception):
    """What the server answers 409: a prospect put over an account."""


@dataclass
class Seller:
    id: str
    name: str | None = None
    email: str | None = None
    region: str | None = None
    weekly_hours: Fraction | None = None
    started_on: date | None = None
    quota: int | None = None
    active: bool = True


@dataclass
class Organisation:
    """An account or a prospect; money in minor units, `seller` only as stated."""
    id: str
    kind: str = "prospect"
    name: str | None = None
    seller: str | None = None
    industry: str | None = None
    region: str | None = None
    country: str | None = None
    employees: int | None = None
    company_revenue: int | None = None
    annual_potential: int | None = None
    annual_potential_on: date | None = None
    margin_pct: Fraction | None = None
    client_since: date | None = None
    status: str = "active"
    protected_until: date | None = None
    expected_annual: int | None = None
    access: bool | None = None
    problems: list[str] = field(default_factory=list)
    revisit_on: date | None = None
    domain: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    stub: bool = False


@dataclass
class Contact:
    id: str
    organisation: str | None = None
    name: str | None = None
    email: str | None = None
    persona: str | None = None


@dataclass
class Deal:
    id: str
    organisation: str | None = None
    seller: str | None = None
    amount: int | None = None
    stage: str = "open"
    opened_on: date | None = None
    closed_on: date | None = None
    line: str | None = None

    def stage_on(self, today: date) -> str | None:
        """open, won or lost as D sees it; None when it does not exist yet, or closed on no day (§1)."""
        if self.opened_on is not None and self.opened_on > today:
            return None
        if self.stage == "open":
            return "open"
        if self.closed_on is None:
            return None
        return self.stage if self.closed_on <= today else "open"


@dataclass
class Activity:
    id: str
    organisation: str | None = None
    seller: str | None = None
    contact: str | None = None
    kind: str = "other"
    direction: str | None = None
    minutes: Fraction = Fraction(0)
    on: date | None = None


@dataclass
class Revenue:
    id: str
    organisation: str | None = None
    amount: int | None = None
    margin: int | None = None
    on: date | None = None
    line: str | None = None


@dataclass(frozen=True)
class Decision:
    """One of let_go, keep, reassign, reprice, on the day D it was posted; `until` with its day included."""
    organisation: str
    decision: str
    on: date
    until: date | None = None


@dataclass(frozen=True)
class Commitment:
    """An open growth commitment on an account (§7)."""
    organisation: str
    until: date


@dataclass(frozen=True)
class Override:
    """A tier set by hand, standing beside the computed one (§11)."""
    organisation: str
    tier: str
    until: date | None = None


@dataclass(frozen=True)
class Assignment:
    """A prospect put on a seller's list by hand, or taken off it (§5)."""
    list: str
    seller: str
    taken_off: bool = False


class Book:
    """All facts of one workspace. Hidden things (DELETE) keep their facts until a PUT brings them back."""

    def __init__(self, today: str | date, currency: str = "EUR", minor_digits: int = 2,
                 policy: dict[str, Any] | None = None) -> None:
        self.currency = currency
        self.minor_digits = minor_digits
        self.policy = deepcopy(DEFAULT_POLICY)
        self.sellers: dict[str, Seller] = {}
        self.organisations: dict[str, Organisation] = {}
        self.contacts: dict[str, Contact] = {}
        self.deals: dict[str, Deal] = {}
        self.activities: dict[str, Activity] = {}
        self.revenue: dict[str, Revenue] = {}
        self.decisions: list[Decision] = []
        self.commitments: list[Commitment] = []
        self.overrides: list[Override] = []
        self.assignments: dict[str, Assignment] = {}
        self._hidden: set[tuple[str, str]] = set()
        self._today = as_day(today)
        self.patch_policy(policy or {})

    @classmethod
    def load(cls, shelf: dict[str, Any]) -> Book:
        """Build a book from a shelf; records go in by kind, in the order of KINDS."""
        book = cls(shelf["today"], shelf.get("currency", "EUR"), shelf.get("minor_digits", 2),
                   shelf.get("policy"))
        for kind in KINDS:
            for record in shelf["records"].get(kind, ()):
                book.put(kind, record)
        return book

    @property
    def day(self) -> date:
        """D: what the policy pins, else what the nightly refresh has reached (§1)."""
        pinned = self.policy["today"]
        return as_day(pinned) if pinned else self._today

    def set_today(self, today: str | date) -> None:
        """The nightly refresh: D moves on, and facts come into being."""
        self._today = as_day(today)
        self._promote(self.deals.values(), self.revenue.values())

    def patch_policy(self, patch: dict[str, Any]) -> None:
        """A JSON merge patch; null brings back the default."""
        _merge(self.policy, patch, DEFAULT_POLICY)
        self._promote(self.deals.values(), self.revenue.values())

    def put(self, kind: str, record: dict[str, Any]) -> None:
        """Create or replace one record in the shape of a PUT body with its `id`."""
        self._stub(record)
        if kind in ("accounts", "prospects"):
            self._put_organisation(kind.removesuffix("s"), record)
        elif kind == "sellers":
            self.sellers[record["id"]] = Seller(**self._read(record, _SELLER))
        elif kind == "contacts":
            self.contacts[record["id"]] = Contact(**self._read(record, _CONTACT))
        elif kind == "deals":
            self._put_deal(Deal(**self._read(record, _DEAL)))
        elif kind == "activities":
            self.activities[record["id"]] = Activity(**self._read(record, _ACTIVITY))
        else:
            self._put_revenue(Revenue(**self._read(record, _REVENUE)))
        self._hidden.discard((_table(kind), record["id"]))

    def delete(self, kind: str, id_: str) -> None:
        """Hide a record; only a PUT brings it back, late references do not (§11)."""
        self._hidden.add((_table(kind), id_))

    def is_visible(self, table: str, id_: str | None) -> bool:
        """Known and not hidden; `table` is organisations for accounts and prospects."""
        return id_ in getattr(self, table) and (table, id_) not in self._hidden

    def visible(self, table: str) -> Iterable[Any]:
        """The records of a table that are not hidden, in ascending order of id."""
        rows = getattr(self, table)
        return (rows[id_] for id_ in sorted(rows) if (table, id_) not in self._hidden)

    def money(self, value: Any, currency: str | None = None) -> int | None:
        """A JSON amount -> minor units; a foreign one by the policy's rate, rounded half away from zero."""
        if value is None:
            return None
        minor = exact(value) * 10 ** self.minor_digits
        if currency and currency != self.currency:
            return round_away(minor * exact(self.policy["rates"][currency]))
        if minor.denominator != 1:
            raise ValueError(f"{value} has more than {self.minor_digits} decimals")
        return int(minor)

    def decide(self, organisation: str, decision: str, until: str | None = None,
               seller: str | None = None, margin_pct: Any = None) -> None:
        """Post a let-go decision on D, with what it does to the account (§4)."""
        self.decisions.append(Decision(organisation, decision, self.day, as_day(until)))
        account = self.organisations[organisation]
        if decision == "let_go":
            account.status = "let_go"
        elif decision == "reassign" and seller is not None:
            account.seller = seller
        elif decision == "reprice" and margin_pct is not None:
            account.margin_pct = exact(margin_pct)

    def commit(self, organisation: str, until: str | None = None) -> None:
        """Open a growth commitment, by default for the policy's commitment_days (§7)."""
        end = as_day(until) or self.day + timedelta(days=self.policy["commitment_days"])
        self.commitments.append(Commitment(organisation, end))

    def override(self, organisation: str, tier: str, until: str | None = None) -> None:
        """Set a tier by hand (§11)."""
        self.overrides.append(Override(organisation, tier, as_day(until)))

    def assign(self, organisation: str, list_: str, seller: str, taken_off: bool = False) -> None:
        """Put a prospect on a seller's list by hand, or take it off; nobody looks whether there is a place."""
        self.assignments[organisation] = Assignment(list_, seller, taken_off)

    def _read(self, record: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
        """The known fields of a record, parsed; nulls and unknown fields are left out."""
        currency = record.get("currency")
        values = {"id": record["id"]}
        for name, kind in fields.items():
            value = record.get(name)
            if value is not None:
                target = "on" if name == "at" else name
                values[target] = self.money(value, currency) if kind == "money" else _PARSE[kind](value)
        return values

    def _put_organisation(self, kind: str, record: dict[str, Any]) -> None:
        """Replace an organisation; kind only ever moves from prospect to account (§1)."""
        before = self.organisations.get(record["id"])
        if before is not None and before.kind == "account" and kind == "prospect":
            raise Conflict(record["id"])
        after = Organisation(kind=kind, **self._read(record, _ORGANISATION))
        if record.get("protected"):
            after.protected_until = as_day(record["protected"]["until"])
        if before is not None and before.status == "let_go" and record.get("status") != "active":
            after.status = "let_go"
        if after.annual_potential is not None and after.annual_potential_on is None:
            unchanged = before is not None and before.annual_potential == after.annual_potential
            after.annual_potential_on = before.annual_potential_on if unchanged else self.day
        self.organisations[after.id] = after
        self._promote((deal for deal in self.deals.values() if deal.organisation == after.id),
                      (entry for entry in self.revenue.values() if entry.organisation == after.id))

    def _put_deal(self, deal: Deal) -> None:
        self.deals[deal.id] = deal
        self._promote([deal], [])

    def _put_revenue(self, entry: Revenue) -> None:
        self.revenue[entry.id] = entry
        self._promote([], [entry])

    def _stub(self, record: dict[str, Any]) -> None:
        """Create what a record refers to and nobody has described yet."""
        organisation, seller, contact = (record.get(name) for name in ("organisation", "seller", "contact"))
        if organisation is not None and organisation not in self.organisations:
            self.organisations[organisation] = Organisation(organisation, stub=True)
        if seller is not None and seller not in self.sellers:
            self.sellers[seller] = Seller(seller)
        if contact is not None and contact not in self.contacts:
            self.contacts[contact] = Contact(contact)

    def _promote(self, deals: Iterable[Deal], entries: Iterable[Revenue]) -> None:
        """A prospect with revenue above 0 or a won deal dated ≤ D becomes an account, for good (§1)."""
        buyers = {deal.organisation for deal in deals if deal.stage_on(self.day) == "won"}
        buyers |= {entry.organisation for entry in entries if entry.amount > 0 and entry.on <= self.day}
        for id_ in buyers - {None}:
            self.organisations[id_].kind = "account"


def as_day(value: str | date | None) -> date | None:
    """2026-03-01 -> a date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant_day(value: str) -> date:
    """The UTC day of an RFC 3339 instant."""
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(timezone.utc).date()


def _table(kind: str) -> str:
    return "organisations" if kind in ("accounts", "prospects") else kind


def _merge(target: dict[str, Any], patch: dict[str, Any], default: dict[str, Any]) -> None:
    """RFC 7396 within the policy, where `rates` alone has keys without a default; but for a cut-off,
    which is stated in one of two ways and so replaced whole."""
    for name, value in patch.items():
        if value is None and name in default:
            target[name] = deepcopy(default[name])
        elif value is None:
            target.pop(name, None)
        elif not isinstance(value, dict):
            target[name] = deepcopy(value)
        elif {"percentile", "score"} & set(value):
            target[name] = {way: number for way, number in value.items() if number is not None}
        else:
            _merge(target[name], value, default[name])


_PARSE = {"as is": lambda value: value, "day": as_day, "instant": _instant_day, "number": exact}

_SELLER = {"name": "as is", "email": "as is", "region": "as is", "weekly_hours": "number",
           "started_on": "day", "quota": "money", "active": "as is"}
_ORGANISATION = {"name": "as is", "seller": "as is", "industry": "as is", "region": "as is",
                 "country": "as is", "employees": "as is", "company_revenue": "money",
                 "annual_potential": "money", "annual_potential_on": "day", "margin_pct": "number",
                 "client_since": "day", "status": "as is", "expected_annual": "money",
                 "access": "as is", "problems": "as is", "revisit_on": "day", "domain": "as is",
                 "attributes": "as is"}
_CONTACT = {"organisation": "as is", "name": "as is", "email": "as is", "persona": "as is"}
_DEAL = {"organisation": "as is", "seller": "as is", "amount": "money", "stage": "as is",
         "opened_on": "day", "closed_on": "day", "line": "as is"}
_ACTIVITY = {"organisation": "as is", "seller": "as is", "contact": "as is", "kind": "as is",
             "direction": "as is", "minutes": "number", "at": "instant"}
_REVENUE = {"organisation": "as is", "amount": "money", "margin": "money", "on": "day", "line": "as is"}
