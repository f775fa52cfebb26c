# SPDX-License-Identifier: Apache-2.0
"""Made-up dirty books and policies from a seed, to be sent to the server and given to the oracle alike.

Everything that rules turn on is likely: ties, returns, day boundaries, odd ids, text that only folds equal.
"""
from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Callable

TODAY = date(2025, 6, 30)

INDUSTRIES = ("Maschinenbau", "Maschinenbau ", "MASCHINENBAU", "straße", "STRASSE", "Strasse ", "Einzelhandel",
              "医療", "Здоровье", "ЗДОРОВЬЕ", "software", " Software", "ΣΊΣΥΦΟΣ", "σίσυφος", "ﬁnance", "Finance")
REGIONS = ("Nord", "nord ", "NORD", "Süd", "SÜD", "東", "Île-de-France")
COUNTRIES = ("DE", "de", "FR", "Türkiye", "日本", "Éire")
LINES = ("Pumps", "pumps ", "PUMPS", "Ventile", "Öl", "öl", "部品", "Größe L", "GRÖSSE L", "Service", "")
PERSONAS = ("CEO", "ceo ", "Owner", "VP Sales", "vp", "Einkäufer", "DIRECTOR", "Decision Maker", "購買", None, None)
PROBLEMS = ("downtime", "Downtime ", "Kosten", "scrap", "納期")
NAMES = ("Müller & Söhne", "株式会社さくら", "ООО Ромашка", "O'Brien Ltd", "Ærø Skibsværft", "Šumava s.r.o.",
         "Société Générale d'Études", "שלום בע״מ", "Acme", "Zażółć gęślą jaźń", "🚀 Rocket", "Smith, Jones \"& Co\"")
ID_STEMS = ("acme", "Müller/Söhne", "株式会社 さくら", "O'Brien & Co", "a%2Fb", "x?q=1&y", "ООО-Ромашка", "50% #1",
            "naïve+plus", "A", "a", "Z.z_~-")
EDGE_AGES = (0, 1, 89, 90, 91, 181, 182, 183, 363, 364, 365, 366, 728, 729, 730, 731, -1, -40)
EMPLOYEES = (None, 0, 1, 9, 10, 12, 30, 49, 50, 60, 249, 250, 999, 1000, 4999, 5000, 80000)
AMOUNTS = (0, 1, 10000, 10000, 25000, 50000, 99999, 100000, 100000, 123456, 1000000)
KINDS = ("call", "email", "meeting", "visit", "service", "other")

Record = dict[str, Any]


def random_shelf(seed: int, size: int = 40, currency: str = "EUR", minor_digits: int = 2) -> dict[str, Any]:
    """A book of about `size` organisations as a shelf (see book.py), pinned to TODAY, default policy else."""
    maker = _Maker(seed, size, minor_digits)
    return {"currency": currency, "minor_digits": minor_digits, "today": TODAY.isoformat(),
            "policy": {"today": TODAY.isoformat()}, "records": maker.records()}


def random_policy_patch(seed: int) -> dict[str, Any]:
    """A valid merge patch of a few policy fields that act on §1–§4."""
    rng = Random(f"policy {seed}")
    chosen = rng.sample(sorted(_POLICY_FIELDS), rng.randint(1, 6))
    return {name: _POLICY_FIELDS[name](rng) for name in chosen}


class _Maker:
    """One random book; every choice comes from one generator, in a fixed order."""

    def __init__(self, seed: int, size: int, minor_digits: int) -> None:
        self.rng = Random(f"book {seed}")
        self.scale = 10 ** minor_digits
        self.age_limit = self.rng.choice((300, 500, 900))
        self.has_revenue = self.rng.random() < 0.7
        self.has_touches = self.rng.random() < 0.85
        self.sellers = self._ids("s", max(2, size // 12))
        self.organisations = self._ids("o", size)
        self.accounts, self.prospects = self.organisations[:size * 7 // 10], self.organisations[size * 7 // 10:]
        self.buyers = self.accounts + self.prospects[:size // 20]
        self.contacts = self._ids("c", size)
        self.size = size

    def records(self) -> dict[str, list[Record]]:
        """All kinds, each shuffled: the order of rows must not matter."""
        made = {
            "sellers": [self._seller(id_) for id_ in self.sellers],
            "accounts": [self._organisation(id_) for id_ in self.accounts],
            "prospects": [self._organisation(id_) for id_ in self.prospects],
            "contacts": [self._contact(id_) for id_ in self.contacts],
            "deals": [self._deal(id_) for id_ in self._ids("d", self.size * 5)],
            "activities": [self._activity(id_) for id_ in self._ids("t", self.size * 8 * self.has_touches)],
            "revenue": [self._revenue(id_) for id_ in self._ids("r", self.size * 6 * self.has_revenue)],
        }
        for rows in made.values():
            self.rng.shuffle(rows)
        return made

    def _ids(self, mark: str, count: int) -> list[str]:
        return [f"{self.rng.choice(ID_STEMS)} {mark}{number}" for number in range(count)]

    def _maybe(self, chance: float, make: Callable[[], Any]) -> Any:
        return make() if self.rng.random() < chance else None

    def _day(self, chance_of_edge: float = 0.25) -> str:
        """A day up to D and some after it, often on a window's edge."""
        if self.rng.random() < chance_of_edge:
            days = self.rng.choice(EDGE_AGES)
        else:
            days = self.rng.randint(0, self.age_limit)
        return (TODAY - timedelta(days=days)).isoformat()

    def _later_day(self) -> str:
        return (TODAY + timedelta(days=self.rng.choice((-1, 0, 1, 30, 400)))).isoformat()

    def _money(self, minor: int) -> int | float | str:
        """A JSON number, or the same as a decimal string."""
        if minor % self.scale == 0 and self.rng.random() < 0.7:
            return minor // self.scale
        sign, digits = ("-" if minor < 0 else ""), len(str(self.scale)) - 1
        whole, rest = divmod(abs(minor), self.scale)
        text = f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"
        return text if self.rng.random() < 0.3 else float(text)

    def _amount(self) -> int:
        """Often one of a few, so that revenues tie."""
        if self.rng.random() < 0.5:
            return self.rng.choice(AMOUNTS)
        return int(10 ** self.rng.uniform(2, 7))

    def _one_of(self, organisations: list[str], none: float, ghost: float) -> str | None:
        """One of the given, with a taste for the first; or none, or one never described."""
        throw = self.rng.random()
        if throw < none:
            return None
        if throw < none + ghost:
            return f"ghost/{self.rng.randint(1, 3)} 👻"
        return organisations[int(len(organisations) * self.rng.random() ** 1.5)]

    def _seller_or_none(self, chance: float) -> str | None:
        return self._maybe(chance, lambda: self.rng.choice([*self.sellers, "nobody described"]))

    def _seller(self, id_: str) -> Record:
        return _without_nulls({
            "id": id_, "name": self.rng.choice(NAMES), "region": self._maybe(0.7, lambda: self.rng.choice(REGIONS)),
            "weekly_hours": self._maybe(0.8, lambda: self.rng.choice((20, 38.5, 40))),
            "quota": self._maybe(0.8, lambda: self._money(self.rng.choice((10 ** 7, 10 ** 8)))),
            "active": self.rng.random() < 0.9})

    def _organisation(self, id_: str) -> Record:
        """Accounts and prospects alike; most fields are often missing."""
        rng = self.rng
        record = {
            "id": id_, "name": rng.choice(NAMES), "seller": self._seller_or_none(0.5),
            "industry": rng.choice(INDUSTRIES + (None, "  ")),
            "region": self._maybe(0.6, lambda: rng.choice(REGIONS)),
            "country": self._maybe(0.6, lambda: rng.choice(COUNTRIES)),
            "employees": rng.choice(EMPLOYEES),
            "company_revenue": self._maybe(0.3, lambda: self._money(self._amount() * 100)),
            "margin_pct": self._maybe(0.2, lambda: rng.choice((0, 12.5, 33.3, 40, 100))),
            "client_since": self._maybe(0.2, lambda: (TODAY - timedelta(
                days=rng.choice((0, 100, 179, 180, 181, 900)))).isoformat()),
            "status": "inactive" if rng.random() < 0.06 else "active",
            "protected": self._maybe(0.08, lambda: {"reason": "strategisch ✓", "until": self._later_day()}),
            "expected_annual": self._maybe(0.2, lambda: self._money(self._amount())),
            "access": rng.choice((True, False, None, None)),
            "problems": rng.sample(PROBLEMS, rng.randint(0, 2)),
            "revisit_on": self._maybe(0.1, self._later_day),
            "attributes": rng.choice(({}, {"Größe": "L"}, {"staff": "12.50"}, {"staff": 12.5, "tags": ["A", "b "]})),
        }
        record.update(self._stated_potential())
        return _without_nulls(record)

    def _stated_potential(self) -> Record:
        """None mostly; else fresh, at the edge of its year, stale, not there yet, or undated."""
        if self.rng.random() < 0.75:
            return {}
        days = self.rng.choice((0, 10, 364, 365, 600, -5, None))
        stated_on = None if days is None else (TODAY - timedelta(days=days)).isoformat()
        return {"annual_potential": self._money(self._amount() * 2), "annual_potential_on": stated_on}

    def _contact(self, id_: str) -> Record:
        return _without_nulls({"id": id_, "organisation": self._one_of(self.organisations, 0.05, 0.02),
                               "name": self.rng.choice(NAMES), "persona": self.rng.choice(PERSONAS)})

    def _deal(self, id_: str) -> Record:
        """Open, won or lost; some undated, some opened and closed on one day, none opened after closed."""
        stage = self.rng.choice(("open", "won", "won", "lost"))
        known = self.buyers if stage == "won" else self.organisations[::-1]
        opened, closed = sorted((self._day(), self._day()))
        if self.rng.random() < 0.1:
            opened = closed
        return _without_nulls({
            "id": id_, "organisation": self._one_of(known, 0.08, 0.01), "seller": self._seller_or_none(0.8),
            "amount": self._maybe(0.92, lambda: self._money(self._amount())), "stage": stage,
            "opened_on": self._maybe(0.9, lambda: opened),
            "closed_on": None if stage == "open" or self.rng.random() < 0.05 else closed,
            "line": self.rng.choice(LINES) or None})

    def _activity(self, id_: str) -> Record:
        """A touch of an organisation, of a contact, of both (not always matching) or of nobody."""
        contact = self._maybe(0.6, lambda: self.rng.choice([*self.contacts, "unknown contact"]))
        clock = self.rng.choice(("00:00:00", "23:59:59", "09:30:00"))
        return _without_nulls({
            "id": id_, "organisation": self._one_of(self.organisations[::-1], 0.3, 0.01), "seller": self._seller_or_none(0.7),
            "contact": contact, "kind": self.rng.choice(KINDS),
            "direction": self.rng.choice(("inbound", "outbound", None)),
            "minutes": self._maybe(0.7, lambda: self.rng.choice((0, 1, 15, 30, 50, 240))),
            "at": f"{self._day()}T{clock}Z"})

    def _revenue(self, id_: str) -> Record:
        """Money earned, nothing, or a return."""
        amount = self._amount() * self.rng.choice((1, 1, 1, 1, -1))
        return _without_nulls({
            "id": id_, "organisation": self._one_of(self.buyers, 0, 0.01), "amount": self._money(amount),
            "margin": self._maybe(0.2, lambda: self._money(amount * self.rng.randint(-20, 90) // 100)),
            "on": self._day(), "line": self.rng.choice(LINES) or None})


def _without_nulls(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}


def _weights(*names: str) -> Callable[[Random], dict[str, int]]:
    return lambda rng: {name: rng.choice((1, 5, 10, 15, 20, 35, 50)) for name in names}


def _cut(rng: Random) -> dict[str, float]:
    if rng.random() < 0.7:
        return {"percentile": rng.choice((1, 10, 33, 50, 66, 80, 99))}
    return {"score": rng.choice((0, 12.34, 50, 100))}


def _criteria(rng: Random) -> list[Record]:
    """Some of every operator; ids, weights and which are required vary."""
    pool = (
        ("market", "industry", "in", ["maschinenbau", "SOFTWARE ", "strasse"]),
        ("market", "country", "not_in", ["de", "Türkiye"]),
        ("market", "region", "eq", "nord"),
        ("enterprise", "employees", "between", [10, 250]),
        ("enterprise", "employees", "gte", 50),
        ("enterprise", "company_revenue", "lte", 100000.5),
        ("enterprise", "attributes.staff", "in", [12.5]),
        ("enterprise", "attributes.staff", "gte", 12),
        ("enterprise", "attributes.Größe", "exists", None),
        ("enterprise", "attributes.tags", "all", rng.choice((["a"], ["b", "A"], ["a", "B", "c"]))),
        ("persona", "personas", "any", ["ceo", "VP"]),
        ("problem", "problems", "any", ["downtime"]),
        ("problem", "problems", "all", rng.choice((["DOWNTIME"], ["DOWNTIME", "kosten"]))),
    )
    return [_without_nulls({"id": f"criterion {number}", "dimension": dimension, "attribute": attribute, "op": op,
                            "value": value, "weight": rng.choice((1, 2, 2.5, 3)), "required": rng.random() < 0.2})
            for number, (dimension, attribute, op, value) in enumerate(rng.sample(pool, rng.randint(0, 6)))]


_POLICY_FIELDS: dict[str, Callable[[Random], Any]] = {
    "fiscal_year_start": lambda rng: rng.choice(("01-01", "04-01", "06-30", "07-01", "10-01")),
    "revenue_from": lambda rng: rng.choice(("auto", "revenue", "deals")),
    "default_margin_pct": lambda rng: rng.choice((0, 12.5, 30, 33.33, 100)),
    "hour_cost": lambda rng: rng.choice((0, 45, 80, 120)),
    "lines": lambda rng: rng.choice((None, ["Pumps"], ["Pumps", "Ventile", "öl", "x", "y", "z"])),
    "key_pct": lambda rng: rng.choice((1, 10, 20, 25, 40, 100)),
    "engagement": _weights("reach", "initiative", "rhythm", "orders", "breadth"),
    "potential": _weights("headroom", "white_space", "momentum", "fit"),
    "full": lambda rng: {"reach": rng.choice((None, 1, 4)), "rhythm": rng.choice((None, 2.5)),
                         "orders": rng.choice((None, 1.25, 10))},
    "cuts": lambda rng: {"engagement": _cut(rng), "potential": _cut(rng), "margin": rng.choice((0, 0.5, 3, 10))},
    "let_go": lambda rng: {"pct": rng.choice((0, 5, 10, 50, 100)), "min_tenure_days": rng.choice((0, 180, 400)),
                           "tiers": rng.choice((["service"], ["service", "maintenance"],
                                                ["service", "growth", "maintenance", "key"]))},
    "criteria": _criteria,
    "fit_threshold": lambda rng: rng.choice((0, 33.33, 60, 100)),
    "deciders": lambda rng: rng.choice(([], ["vp"], ["EINKÄUFER ", "owner"])),
    "floor_deal": lambda rng: rng.choice((None, 0, 100, 999.99, 50000)),
    "floor_annual": lambda rng: rng.choice((None, 250, 10000)),
    "max_targets": lambda rng: rng.choice((0, 1, 2)),
    "max_leads": lambda rng: rng.choice((0, 1, 3)),
}
