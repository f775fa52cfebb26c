# SPDX-License-Identifier: Apache-2.0
"""What larger deals would make of each seller's window (domain.md §6): as many of them, or as the band they land in has it."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from .bands import Band, SizeBands, _effort, _won
from .book import Deal
from .exact import YEAR_DAYS
from .measures import Facts


@dataclass(frozen=True)
class Larger:
    """A seller's won deals; money in minor units, exact. No band: no deal of that size was ever closed; no re-read: nobody can tell."""
    deals: int
    won: int
    average: Fraction
    effort: Fraction | None
    naive: Fraction
    band: Band | None
    re_read: Fraction | None


def larger_deals(facts: Facts, sizes: SizeBands, percent: int) -> dict[str, Larger]:
    """Of every seller who is not hidden and has won a deal with an amount in the 730 days."""
    of_seller: dict[str, list[Deal]] = defaultdict(list)
    for deal in facts.deals:
        if facts.stage(deal) in ("won", "lost") and 0 <= facts.age(deal.closed_on) < 2 * YEAR_DAYS \
                and deal.amount is not None and deal.amount > 0 and deal.seller is not None:
            of_seller[deal.seller].append(deal)
    return {seller: _larger(facts, sizes, deals, percent) for seller, deals in of_seller.items()
            if _won(facts, deals) and facts.book.is_visible("sellers", seller)}


def _larger(facts: Facts, sizes: SizeBands, deals: list[Deal], percent: int) -> Larger:
    won = _won(facts, deals)
    factor = 1 + Fraction(percent, 100)
    average = Fraction(sum(deal.amount for deal in won), len(won))
    naive = average * len(won) * factor
    before, band = _band_of(sizes, average), _band_of(sizes, average * factor)
    re_read = None
    if before is not None and band is not None and before.effort and band.effort:
        re_read = naive * (band.win_rate_shrunk / band.effort) / (before.win_rate_shrunk / before.effort)
    return Larger(len(deals), len(won), average, _effort(facts, deals, sizes.basis), naive, band, re_read)


def _band_of(sizes: SizeBands, amount: Fraction) -> Band | None:
    return next((band for band in sizes.bands
                 if (band.start is None or band.start <= amount) and (band.end is None or amount < band.end)), None)
