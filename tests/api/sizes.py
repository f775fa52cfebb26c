# SPDX-License-Identifier: Apache-2.0
"""Size bands as the service shows them against the oracle's, and random books with sizes worth banding."""
from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from oracle.bands import Band, SizeBands, size_bands
from oracle.book import Book
from oracle.exact import exact
from oracle.larger_deals import larger_deals
from oracle.measures import Facts
from oracle.random_book import random_shelf

from .expectation import Differences, money, shown_money

RATE = 1e-9


def sizes_of(book: Book) -> SizeBands:
    """What a review of the book as it is would freeze."""
    facts = Facts(book)
    return size_bands(facts, facts.measure(facts.source()))


def compare_sizes(diff: Differences, shown: dict[str, Any], sizes: SizeBands, book: Book) -> None:
    """GET /v1/sweet-spot under a policy without floors."""
    digits = book.minor_digits
    diff.check("basis", shown["basis"], sizes.basis)
    diff.check("without_amount", shown["without_amount"], sizes.without_amount)
    diff.check("floor", (shown_money(shown["floor"]), shown["floor_source"]),
               (money(sizes.floor, digits), None if sizes.floor is None else "derived"))
    diff.check("quota_infeasible", shown["quota_infeasible"], sizes.quota_infeasible)
    diff.check("bands", len(shown["bands"]), len(sizes.bands))
    for number, (given, band) in enumerate(zip(shown["bands"], sizes.bands)):
        _compare_band(diff, f"band {number}", given, band, digits)
    run = [band for band in sizes.bands if band.verdict == "sweet_spot"]
    diff.check("sweet_spot", shown["sweet_spot"] and {name: shown_money(end) for name, end in shown["sweet_spot"].items()},
               {"from": money(run[0].start, digits), "to": money(run[-1].end, digits)} if run else None)


def _compare_band(diff: Differences, where: str, shown: dict[str, Any], band: Band, digits: int) -> None:
    diff.check(f"{where} ends", (shown_money(shown["from"]), shown_money(shown["to"])), (money(band.start, digits), money(band.end, digits)))
    diff.check(f"{where} counts", (shown["deals"], shown["won"]), (band.deals, band.won))
    _compare_rate(diff, f"{where} win_rate", shown["win_rate"], Fraction(band.won, band.deals))
    _compare_rate(diff, f"{where} win_rate_low", shown["win_rate_low"], band.win_rate_low)
    _compare_rate(diff, f"{where} win_rate_high", shown["win_rate_high"], band.win_rate_high)
    _compare_rate(diff, f"{where} win_rate_shrunk", shown["win_rate_shrunk"], band.win_rate_shrunk)
    diff.check_rounded(f"{where} average_won", shown["average_won"], band.average_won and band.average_won / 10 ** digits, digits)
    diff.check(f"{where} median_cycle_days", shown["median_cycle_days"], band.median_cycle_days)
    diff.check_rounded(f"{where} effort", shown["effort"], band.effort, 2)
    diff.check(f"{where} value_index", None if shown["value_index"] is None else exact(shown["value_index"]), band.index)
    diff.check(f"{where} verdict", shown["verdict"], band.verdict)


def _compare_rate(diff: Differences, where: str, shown: Any, expected: Fraction | float) -> None:
    diff.check(where, abs(float(shown) - float(expected)) < RATE, True)


def compare_what_if(diff: Differences, shown: dict[str, Any], book: Book, percent: int) -> None:
    """The sellers of ?deal_size_pct=."""
    facts = Facts(book)
    expected = larger_deals(facts, sizes_of(book), percent)
    unit = 10 ** book.minor_digits
    diff.check("what_if sellers", [each["seller"] for each in shown["what_if"]["sellers"]], sorted(expected, key=str.encode))
    for each in shown["what_if"]["sellers"]:
        larger, where = expected[each["seller"]], f"what_if {each['seller']!r}"
        diff.check(f"{where} counts", (each["deals"], each["won"]), (larger.deals, larger.won))
        diff.check_rounded(f"{where} average_won", each["average_won"], larger.average / unit, book.minor_digits)
        diff.check_rounded(f"{where} effort", each["effort"], larger.effort, 2)
        diff.check_rounded(f"{where} naive", each["naive"]["won_amount"], larger.naive / unit, book.minor_digits)
        if larger.band is None:
            diff.check(f"{where} re_read", each["re_read"], None)
            continue
        diff.check(f"{where} band", shown_money(each["re_read"]["from"]), money(larger.band.start, book.minor_digits))
        diff.check_rounded(f"{where} re_read", each["re_read"]["won_amount"],
                           None if larger.re_read is None else larger.re_read / unit, book.minor_digits)


def sized_shelf(seed: int, size: int) -> dict[str, Any]:
    """A random book with many closed deals; every second one's sellers are known well enough for the roll-up."""
    rng = Random(f"sizes {seed}")
    shelf = random_shelf(seed, size)
    records = shelf["records"]
    sellers = [seller["id"] for seller in records["sellers"]]
    if rng.random() < 0.5:
        for seller in records["sellers"]:
            seller.update(weekly_hours=rng.choice((10, 38.5, 40)), quota=rng.choice((100, 20000, 400000, 10 ** 8)))
        for rows in records.values():
            for row in rows:
                if row.get("seller") is not None and row["seller"] not in sellers:
                    row["seller"] = sellers[0]
    if rng.random() < 0.3:
        for touch in records["activities"]:
            touch.pop("minutes", None)
    for deal in records["deals"]:
        deal["stage"] = rng.choice(("won", "lost")) if "closed_on" in deal else deal["stage"]
    shelf["policy"]["account_management_pct"] = rng.choice((0, 60, 99.5))
    if rng.random() < 0.4:
        shelf["policy"]["edges"] = sorted(rng.sample((0.01, 1, 99.99, 100, 500, 1234.5, 5000, 99999), rng.randint(0, 6)))
    return shelf
