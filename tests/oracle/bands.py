# SPDX-License-Identifier: Apache-2.0
"""Size bands, the sweet spot and the floor under it (domain.md §6)."""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

from .book import Deal, Seller
from .exact import YEAR_DAYS, exact, nearest_rank, round_away
from .measures import Facts, Measures

Z_95 = 1.959963984540054
PRIOR_DEALS = 20
MIN_DEALS = 10
MAX_BANDS = 5
DEALS_PER_BAND = 10
WORKING_WEEKS = 46
TOO_SMALL_BELOW = Fraction(1, 2)


@dataclass(frozen=True)
class Band:
    """Deals with from ≤ amount < to; open ends are None. Money in minor units."""
    start: int | None
    end: int | None
    deals: int
    won: int
    won_amount: int
    win_rate_low: float
    win_rate_high: float
    win_rate_shrunk: Fraction
    median_cycle_days: int | None
    effort: Fraction | None
    index: Fraction | None
    verdict: str = "outside"

    @property
    def average_won(self) -> Fraction | None:
        return Fraction(self.won_amount, self.won) if self.won else None


@dataclass(frozen=True)
class SizeBands:
    """What a review freezes of §6."""
    basis: str
    without_amount: int
    bands: tuple[Band, ...]
    floor: int | None
    quota_infeasible: bool


def size_bands(facts: Facts, measured: dict[str, Measures]) -> SizeBands:
    """Band the deals closed in 730 days, and judge each band (§6)."""
    closed = [deal for deal in facts.deals if facts.stage(deal) in ("won", "lost")
              and 0 <= facts.age(deal.closed_on) < 2 * YEAR_DAYS]
    sized = [deal for deal in closed if deal.amount is not None and deal.amount > 0]
    pursuits = [deal for deal in sized if deal.opened_on is not None]
    basis = "hours" if any(_minutes(facts, deal) for deal in pursuits) else "days"
    bands = [_describe(facts, group, sized, basis, start, end)
             for start, end, group in _split(sized, _edges(facts, sized))]
    spot = _sweet_spot(bands)
    small, infeasible = _too_small(facts, measured, sized, bands, spot, basis)
    return SizeBands(
        basis=basis,
        without_amount=len(closed) - len(sized),
        bands=tuple(replace(band, verdict=_verdict(place, band, spot, small))
                    for place, band in enumerate(bands)),
        floor=bands[len(small) - 1].end if small and not infeasible else None,
        quota_infeasible=infeasible,
    )


def wilson(won: int, deals: int) -> tuple[float, float]:
    """The 95 % interval of a win rate; the one thing in floating point."""
    rate, z2 = won / deals, Z_95 * Z_95
    centre = rate + z2 / (2 * deals)
    spread = Z_95 * sqrt(rate * (1 - rate) / deals + z2 / (4 * deals * deals))
    return (centre - spread) / (1 + z2 / deals), (centre + spread) / (1 + z2 / deals)


def _edges(facts: Facts, sized: list[Deal]) -> list[int]:
    """Policy edges, else the distinct amounts at position ceil(j N ÷ q), ascending."""
    stated = facts.policy["edges"]
    if stated is not None:
        return sorted({facts.book.money(edge) for edge in stated})
    amounts = sorted(deal.amount for deal in sized)
    count = len(amounts)
    bands = min(MAX_BANDS, count // DEALS_PER_BAND)
    return sorted({amounts[-(-j * count // bands) - 1] for j in range(1, bands)})


def _split(sized: list[Deal], edges: list[int]) -> list[tuple[int | None, int | None, list[Deal]]]:
    """(from, to, deals) of each band that has deals."""
    groups: list[list[Deal]] = [[] for _ in range(len(edges) + 1)]
    for deal in sized:
        groups[bisect_right(edges, deal.amount)].append(deal)
    return [(start, end, group)
            for start, end, group in zip([None, *edges], [*edges, None], groups) if group]


def _describe(facts: Facts, group: list[Deal], sized: list[Deal], basis: str,
              start: int | None, end: int | None) -> Band:
    """All figures of one band but its verdict."""
    won = _won(facts, group)
    low, high = wilson(len(won), len(group))
    cycles = [(deal.closed_on - deal.opened_on).days for deal in won if deal.opened_on is not None]
    return Band(
        start=start, end=end, deals=len(group), won=len(won),
        won_amount=sum(deal.amount for deal in won),
        win_rate_low=low, win_rate_high=high,
        win_rate_shrunk=_shrunk(facts, group, sized),
        median_cycle_days=nearest_rank(cycles, 50),
        effort=_effort(facts, group, basis),
        index=_index(facts, group, sized, basis),
    )


def _won(facts: Facts, deals: list[Deal]) -> list[Deal]:
    return [deal for deal in deals if facts.stage(deal) == "won"]


def _shrunk(facts: Facts, group: list[Deal], sized: list[Deal]) -> Fraction:
    """(k + 20 × K ÷ N) ÷ (n + 20)."""
    overall = Fraction(len(_won(facts, sized)), len(sized))
    return (len(_won(facts, group)) + PRIOR_DEALS * overall) / (len(group) + PRIOR_DEALS)


def _effort(facts: Facts, group: list[Deal], basis: str) -> Fraction | None:
    """Mean days of a pursuit; with hours recorded, mean hours over those with an organisation."""
    pursuits = [deal for deal in group if deal.opened_on is not None]
    if basis == "hours":
        spent = [_minutes(facts, deal) / 60 for deal in pursuits if deal.organisation is not None]
    else:
        spent = [Fraction((deal.closed_on - deal.opened_on).days) for deal in pursuits]
    return sum(spent, Fraction(0)) / len(spent) if spent else None


def _minutes(facts: Facts, deal: Deal) -> Fraction:
    """Minutes on the deal's organisation from opened to closed, both days included."""
    if deal.organisation is None:
        return Fraction(0)
    return sum((touch.minutes for touch in facts.activities_of[deal.organisation]
                if deal.opened_on <= touch.on <= deal.closed_on), Fraction(0))


def _index(facts: Facts, group: list[Deal], sized: list[Deal], basis: str) -> Fraction | None:
    """Worth of a unit of effort against all deals, to 4 decimals; None when nobody can tell."""
    if len(group) < MIN_DEALS:
        return None
    band, book = _worth(facts, group, sized, basis), _worth(facts, sized, sized, basis)
    if band is None or book is None:
        return None
    return Fraction(round_away(band / book * 10000), 10000)


def _worth(facts: Facts, group: list[Deal], sized: list[Deal], basis: str) -> Fraction | None:
    """Shrunk rate × average won ÷ effort."""
    won, effort = _won(facts, group), _effort(facts, group, basis)
    if not won or not effort:
        return None
    average = Fraction(sum(deal.amount for deal in won), len(won))
    return _shrunk(facts, group, sized) * average / effort


def _sweet_spot(bands: list[Band]) -> range:
    """The run of bands with index ≥ 1 and the most won money; of equals the higher one."""
    best, most, start = range(0), -1, 0
    for end in range(1, len(bands) + 1):
        if bands[end - 1].index is None or bands[end - 1].index < 1:
            start = end
            continue
        money = sum(band.won_amount for band in bands[start:end])
        if money >= most:
            best, most = range(start, end), money
    return best


def _too_small(facts: Facts, measured: dict[str, Measures], sized: list[Deal], bands: list[Band],
               spot: range, basis: str) -> tuple[range, bool]:
    """The unbroken run of too small bands from the lowest, and whether no band at all makes the number."""
    hours = _selling_hours(facts) if basis == "hours" else None
    if hours is None:
        failing = [band.index is not None and band.index < TOO_SMALL_BELOW for band in bands]
        infeasible = False
    else:
        quota = sum(seller.quota for seller in _active_sellers(facts))
        yields = [_year_of(facts, measured, sized, band, hours) for band in bands]
        failing = [money is not None and money < quota for money in yields]
        infeasible = bool(bands) and all(failing)
    below = spot.start if spot else 0
    run = next((place for place in range(below) if not failing[place]), below)
    return range(run), infeasible


def _active_sellers(facts: Facts) -> list[Seller]:
    return [seller for seller in facts.book.visible("sellers") if seller.active]


def _selling_hours(facts: Facts) -> Fraction | None:
    """H: a year's hours for new business; None unless every active seller's hours and quota are known."""
    sellers = _active_sellers(facts)
    if not sellers or any(seller.weekly_hours is None or seller.quota is None for seller in sellers):
        return None
    selling = 1 - exact(facts.policy["account_management_pct"]) / 100
    return sum(seller.weekly_hours for seller in sellers) * WORKING_WEEKS * selling


def _year_of(facts: Facts, measured: dict[str, Measures], sized: list[Deal], band: Band,
             hours: Fraction) -> Fraction | None:
    """R: what a year of such deals alone would bring; None when it cannot be told."""
    if band.average_won is None or band.effort is None:
        return None
    served = [measured[id_].hours_12m for id_, amount in _average_won(facts, sized).items()
              if (band.start is None or band.start <= amount) and (band.end is None or amount < band.end)]
    service = sum(served, Fraction(0)) / len(served) if served else Fraction(0)
    each = band.effort / band.win_rate_shrunk + service
    return band.average_won * hours / each if each else None


def _average_won(facts: Facts, sized: list[Deal]) -> dict[str, Fraction]:
    """The average won deal of each organisation."""
    amounts: dict[str, list[int]] = {}
    for deal in _won(facts, sized):
        if deal.organisation is not None:
            amounts.setdefault(deal.organisation, []).append(deal.amount)
    return {id_: Fraction(sum(won), len(won)) for id_, won in amounts.items()}


def _verdict(place: int, band: Band, spot: range, small: range) -> str:
    if place in spot:
        return "sweet_spot"
    if place in small:
        return "too_small"
    return "cannot_tell" if band.index is None else "outside"
