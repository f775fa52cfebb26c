# SPDX-License-Identifier: Apache-2.0
"""What a review freezes from the whole book (domain.md §1–§3), but for scores, cut-offs and sides."""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .bands import SizeBands, size_bands
from .book import Organisation
from .exact import ONE, YEAR_DAYS, age, exact, hundredths, nearest_rank, unit
from .measures import Facts, Measures, first_day, fold

EMPLOYEE_BANDS = (1, 10, 50, 250, 1000, 5000)
MIN_COHORT = 5
FULL_PERCENTILE = 90

CohortKey = tuple[str | None, int | None]


@dataclass(frozen=True)
class Cohort:
    """Clients alike: how many, and the 50th and 75th percentile of their revenue_12m."""
    clients: int
    median: int
    upper: int


@dataclass(frozen=True)
class Contender:
    """A secondary that could become key, as it was at the review."""
    id: str
    revenue_12m: int
    annual_potential: int
    annual_potential_source: str
    potential: int | None                    # the score


@dataclass(frozen=True)
class Review:
    """A moment's frozen scales. Scores in hundredths, money in minor units, full marks in natural units."""
    day: date
    clients: int
    source: str                              # revenue or deals
    first_revenue_on: date | None            # the book's
    momentum_window: str                     # year or half
    key_cutoff: int | None
    key_revenue_share: Fraction | None
    full: dict[str, Fraction | None]
    lines_offered: int
    deals_per_year: int
    availability: dict[str, bool]            # all components but fit
    cohorts: dict[CohortKey, Cohort]
    size_bands: SizeBands
    margin: int
    cuts: dict[str, int] = field(default_factory=dict)
    sides: dict[str, tuple[bool | None, bool | None]] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    contenders: tuple[Contender, ...] = ()   # all of them, in order
    contenders_share: Fraction | None = None

    def cohort(self, organisation: Organisation) -> Cohort | None:
        """The cohort of an organisation by its present fields; None when there are no clients."""
        return next((self.cohorts[key] for key in cohort_keys(organisation) if key in self.cohorts), None)

    def momentum(self, measures: Measures) -> Fraction:
        """0…1; growth needs evidence, decline does not (§1)."""
        recent, prior = measures.revenue_12m, measures.revenue_prior_12m
        if self.momentum_window == "half":
            recent, prior = measures.revenue_half, measures.revenue_prior_half
        if recent + prior <= 0:
            return Fraction(1, 2)
        grain = Fraction(self.key_cutoff or 0, 20) if recent > prior else 0
        return unit((1 + (recent - prior) / Fraction(recent + prior + grain)) / 2)


def is_client(organisation: Organisation, measures: Measures) -> bool:
    """An active account with revenue_12m above 0 (§1)."""
    return is_active_account(organisation) and measures.revenue_12m > 0


def is_active_account(organisation: Organisation) -> bool:
    return organisation.kind == "account" and organisation.status == "active"


def cohort_keys(organisation: Organisation) -> list[CohortKey]:
    """From the closest cohort to all clients (§1): industry and band, industry, all."""
    industry, band = fold(organisation.industry), _employee_band(organisation.employees)
    keys: list[CohortKey] = [(None, None)]
    if industry is not None:
        keys.insert(0, (industry, None))
        if band is not None:
            keys.insert(0, (industry, band))
    return keys


def freeze(facts: Facts, source: str, measured: dict[str, Measures]) -> Review:
    """Every scale of a review that needs no scores."""
    clients = {id_: measures for id_, measures in measured.items()
               if is_client(facts.organisations[id_], measures)}
    revenues = [measures.revenue_12m for measures in clients.values()]
    key_cutoff = _key_cutoff(revenues, exact(facts.policy["key_pct"]))
    lines_offered = facts.lines_offered()
    first_revenue_on = first_day(facts.earnings(source))
    return Review(
        day=facts.today,
        clients=len(clients),
        source=source,
        first_revenue_on=first_revenue_on,
        momentum_window=_momentum_window(facts, first_revenue_on),
        key_cutoff=key_cutoff,
        key_revenue_share=_key_share(revenues, key_cutoff),
        full=_full_marks(facts, clients),
        lines_offered=lines_offered,
        deals_per_year=max(1, nearest_rank([m.deals_won_12m for m in clients.values()], 50) or 0),
        availability=_availability(clients, lines_offered),
        cohorts=_cohorts(facts, clients),
        size_bands=size_bands(facts, measured),
        margin=hundredths(facts.policy["cuts"]["margin"]),
    )


def _employee_band(employees: int | None) -> int | None:
    """0 or unknown is no band."""
    return bisect_right(EMPLOYEE_BANDS, employees or 0) or None


def _key_cutoff(revenues: list[int], percent: Fraction) -> int | None:
    """The k-th largest revenue_12m, k = max(1, floor(n × 25 %)) (§2)."""
    if not revenues:
        return None
    k = max(1, int(len(revenues) * percent / 100))
    return sorted(revenues, reverse=True)[k - 1]


def _key_share(revenues: list[int], key_cutoff: int | None) -> Fraction | None:
    """The key list's share of the clients' revenue (§2)."""
    if key_cutoff is None:
        return None
    return Fraction(sum(revenue for revenue in revenues if revenue >= key_cutoff), sum(revenues))


def _momentum_window(facts: Facts, first: date | None) -> str:
    """Years with at least 730 days since the book's first revenue, else half years (§1)."""
    return "year" if first is not None and age(first, facts.today) >= 2 * YEAR_DAYS else "half"


def _full_marks(facts: Facts, clients: dict[str, Measures]) -> dict[str, Fraction | None]:
    """The policy's, else the 90th percentile over the clients where the measure is above 0 (§3)."""
    return {name: _full_mark(facts.policy["full"][name], [getattr(m, name) for m in clients.values()], scale)
            for name, scale in (("reach", 1), ("rhythm", ONE), ("orders", ONE))}


def _full_mark(stated: float | None, values: list[int], scale: int) -> Fraction | None:
    if stated is not None:
        return exact(stated)
    top = nearest_rank([value for value in values if value > 0], FULL_PERCENTILE)
    return None if top is None else Fraction(top, scale)


def _availability(clients: dict[str, Measures], lines_offered: int) -> dict[str, bool]:
    """Which components the book records (§3); without clients nothing."""
    values = clients.values()
    has_clients = bool(clients)
    return {
        "reach": any(m.reach > 0 for m in values),
        "initiative": any(m.directed > 0 for m in values),
        "rhythm": any(m.rhythm > 0 for m in values),
        "orders": any(m.orders > 0 for m in values),
        "breadth": has_clients and lines_offered > 0,
        "headroom": has_clients,
        "white_space": has_clients and lines_offered > 0,
        "momentum": has_clients,
    }


def _cohorts(facts: Facts, clients: dict[str, Measures]) -> dict[CohortKey, Cohort]:
    """The frozen table: all clients, and every industry or industry and band with 5 or more (§1)."""
    members: dict[CohortKey, list[int]] = {}
    for id_, measures in clients.items():
        for key in cohort_keys(facts.organisations[id_]):
            members.setdefault(key, []).append(measures.revenue_12m)
    return {key: Cohort(len(revenues), nearest_rank(revenues, 50), nearest_rank(revenues, 75))
            for key, revenues in members.items() if len(revenues) >= MIN_COHORT or key == (None, None)}
