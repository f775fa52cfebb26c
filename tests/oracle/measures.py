# SPDX-License-Identifier: Apache-2.0
"""What the facts say about each organisation (domain.md §1): measures and sellers. No cut-off, no score."""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Iterable

from .book import Activity, Book, Deal, Organisation
from .exact import HALF_DAYS, YEAR_DAYS, age, decay_sum, exact, round_away

RHYTHM_HALF_LIFE = 90
ORDERS_HALF_LIFE = 180


def fold(text: str | None) -> str | None:
    """Text as it compares: trimmed, full case folding; blank is nothing (§1)."""
    return (text or "").strip().casefold() or None


@dataclass(frozen=True)
class Earning:
    """Money earned on a day, from a revenue entry or a won deal."""
    organisation: str | None
    amount: int
    margin: int | None
    on: date
    line: str | None


@dataclass(frozen=True)
class Measures:
    """The §1 table for one organisation; decay sums in units of 2^-32, money in minor units."""
    revenue_12m: int
    revenue_prior_12m: int
    revenue_half: int
    revenue_prior_half: int
    margin_12m: int
    minutes_12m: Fraction
    contribution_12m: int
    reach: int
    inbound: int
    directed: int
    rhythm: int
    orders: int
    lines_12m: int
    first_revenue: date | None
    deals_won_12m: int

    @property
    def hours_12m(self) -> Fraction:
        return self.minutes_12m / 60

    @property
    def value_per_hour(self) -> Fraction | None:
        """Minor units per hour; null without hours."""
        return self.margin_12m / self.hours_12m if self.minutes_12m else None


class Facts:
    """What exists on D and is not hidden, grouped by organisation."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.today = book.day
        self.policy = book.policy
        self.organisations: dict[str, Organisation] = {
            organisation.id: organisation for organisation in book.visible("organisations")}
        self.deals = [deal for deal in book.visible("deals")
                      if deal.stage_on(self.today) and self._is_in_book(deal.organisation)]
        self.entries = [Earning(entry.organisation, entry.amount, entry.margin, entry.on, fold(entry.line))
                        for entry in book.visible("revenue")
                        if entry.on <= self.today and self._is_in_book(entry.organisation)]
        self.activities = [activity for activity in book.visible("activities") if activity.on <= self.today]
        self.deals_of = _group(self.deals)
        self.activities_of = self._activities_by_organisation()
        self.personas_of = self._personas_by_organisation()

    def stage(self, deal: Deal) -> str | None:
        """The stage of a deal as D sees it."""
        return deal.stage_on(self.today)

    def age(self, day: date) -> int:
        """Days from `day` to D."""
        return age(day, self.today)

    def is_in_year(self, day: date) -> bool:
        """0 ≤ D − day < 365."""
        return 0 <= self.age(day) < YEAR_DAYS

    def source(self) -> str:
        """Where revenue comes from: the policy, else entries if the book has any, else won deals (§1)."""
        stated = self.policy["revenue_from"]
        if stated != "auto":
            return stated
        return "revenue" if self.entries else "deals"

    def earnings(self, source: str) -> list[Earning]:
        """The book's revenue up to D."""
        if source == "revenue":
            return self.entries
        return [Earning(deal.organisation, deal.amount, None, deal.closed_on, fold(deal.line))
                for deal in self.deals if self.stage(deal) == "won" and deal.amount is not None]

    def lines_offered(self) -> int:
        """The number of policy lines, else of distinct lines in the book's revenue and deals (§1)."""
        stated = self.policy["lines"]
        if stated is not None:
            return len({fold(line) for line in stated} - {None})
        sold = {entry.line for entry in self.entries} | {fold(deal.line) for deal in self.deals}
        return len(sold - {None})

    def measure(self, source: str) -> dict[str, Measures]:
        """Measures of every organisation."""
        earnings = _group(self.earnings(source))
        return {id_: self._measure_one(organisation, earnings[id_])
                for id_, organisation in self.organisations.items()}

    def seller(self, organisation: Organisation) -> tuple[str | None, str | None]:
        """The seller and where it comes from: given, deals or nowhere (§1)."""
        if organisation.seller is not None:
            return organisation.seller, "given"
        derived = self._top_winner(organisation.id) or self._latest_seller(organisation.id)
        return derived, "deals" if derived is not None else None

    def _measure_one(self, organisation: Organisation, earnings: list[Earning]) -> Measures:
        year = [earning for earning in earnings if self.is_in_year(earning.on)]
        touches = [touch for touch in self.activities_of[organisation.id] if self.is_in_year(touch.on)]
        directed = [touch for touch in touches if touch.direction is not None and touch.kind != "service"]
        margin = sum(self._margin(organisation, earning) for earning in year)
        minutes = sum((touch.minutes for touch in touches), Fraction(0))
        hour_cost = self.book.money(self.policy["hour_cost"])
        return Measures(
            revenue_12m=self._sum(earnings, 0, YEAR_DAYS),
            revenue_prior_12m=self._sum(earnings, YEAR_DAYS, 2 * YEAR_DAYS),
            revenue_half=self._sum(earnings, 0, HALF_DAYS),
            revenue_prior_half=self._sum(earnings, HALF_DAYS, 2 * HALF_DAYS),
            margin_12m=margin,
            minutes_12m=minutes,
            contribution_12m=margin - round_away(minutes * hour_cost / 60),
            reach=len(self._pairs(touches)),
            inbound=sum(touch.direction == "inbound" for touch in directed),
            directed=len(directed),
            rhythm=decay_sum(RHYTHM_HALF_LIFE, {touch.on for touch in touches}, self.today),
            orders=decay_sum(ORDERS_HALF_LIFE, _positive_days(year), self.today),
            lines_12m=len({earning.line for earning in year if earning.amount > 0} - {None}),
            first_revenue=first_day(earnings),
            deals_won_12m=len(self._won_in_year(organisation.id)),
        )

    def _sum(self, earnings: Iterable[Earning], start: int, end: int) -> int:
        """Revenue with start ≤ age < end."""
        return sum(earning.amount for earning in earnings if start <= self.age(earning.on) < end)

    def _margin(self, organisation: Organisation, earning: Earning) -> int:
        """An entry's margin, else its amount × the account's or the default percentage, rounded (§1)."""
        if earning.margin is not None:
            return earning.margin
        percent = organisation.margin_pct
        if percent is None:
            percent = exact(self.policy["default_margin_pct"])
        return round_away(earning.amount * percent / 100)

    def _pairs(self, touches: Iterable[Activity]) -> set[tuple[str | None, str]]:
        """Distinct (seller, contact); no seller is one unnamed seller (§1)."""
        return {(touch.seller, touch.contact)
                for touch in touches if self.book.is_visible("contacts", touch.contact)}

    def _won_in_year(self, id_: str) -> list[Deal]:
        return [deal for deal in self.deals_of[id_]
                if self.stage(deal) == "won" and self.is_in_year(deal.closed_on)]

    def _top_winner(self, id_: str) -> str | None:
        """Most won amount in 12 months, then most such deals, then lowest id."""
        amount: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for deal in self._won_in_year(id_):
            if deal.seller is not None:
                amount[deal.seller] += deal.amount or 0
                count[deal.seller] += 1
        return min(count, key=lambda seller: (-amount[seller], -count[seller], seller), default=None)

    def _latest_seller(self, id_: str) -> str | None:
        """The seller of the latest dated deal or activity, ties by lowest id of the seller."""
        dated = [(self._deal_day(deal), deal.seller) for deal in self.deals_of[id_]]
        dated += [(touch.on, touch.seller) for touch in self.activities_of[id_]]
        dated = [(day, seller) for day, seller in dated if day is not None and seller is not None]
        latest = max((day for day, _ in dated), default=None)
        return min((seller for day, seller in dated if day == latest), default=None)

    def _deal_day(self, deal: Deal) -> date | None:
        """closed_on of what is closed on D, else opened_on."""
        return deal.opened_on if self.stage(deal) == "open" else deal.closed_on

    def _is_in_book(self, organisation: str | None) -> bool:
        """Facts of a hidden organisation are hidden with it; facts without one stand."""
        return organisation is None or organisation in self.organisations

    def _activities_by_organisation(self) -> dict[str, list[Activity]]:
        """A touch belongs to the organisation it names, else to its contact's (§1)."""
        grouped = defaultdict(list)
        for activity in self.activities:
            organisation = activity.organisation
            if organisation is None and activity.contact is not None:
                organisation = self.book.contacts[activity.contact].organisation
            grouped[organisation].append(activity)
        return grouped

    def _personas_by_organisation(self) -> dict[str, list[str]]:
        grouped = defaultdict(list)
        for contact in self.book.visible("contacts"):
            if fold(contact.persona):
                grouped[contact.organisation].append(contact.persona)
        return grouped


def first_day(earnings: Iterable[Earning]) -> date | None:
    """The day of the first revenue above 0."""
    return min((earning.on for earning in earnings if earning.amount > 0), default=None)


def _positive_days(earnings: Iterable[Earning]) -> set[date]:
    """The days whose revenue nets to more than 0 (§1 orders)."""
    net: Counter[date] = Counter()
    for earning in earnings:
        net[earning.on] += earning.amount
    return {day for day, amount in net.items() if amount > 0}


def _group(facts: Iterable[Any]) -> dict[str, list[Any]]:
    grouped = defaultdict(list)
    for fact in facts:
        grouped[fact.organisation].append(fact)
    return grouped
