# SPDX-License-Identifier: Apache-2.0
"""The yearly let-go list: budget, candidates and order (domain.md §4)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Mapping, Sequence

from .book import Organisation
from .classification import Classification
from .exact import exact, round_away, unit
from .frozen import Review, is_active_account
from .measures import Facts, Measures

VALUE_POINTS = 4000


@dataclass(frozen=True)
class Candidate:
    """One entry of the list; points in hundredths, revenue in minor units."""
    account: str
    value: int
    potential: int
    engagement: int
    revenue_12m: int
    hours_12m: Fraction
    within_budget: bool

    @property
    def keep_score(self) -> int:
        return self.value + self.potential + self.engagement


@dataclass(frozen=True)
class LetGo:
    """The list, lowest keep score first; what the cut within the budget costs and gives."""
    year_start: date
    base: int
    budget: int
    used: int
    revenue_at_stake: int
    share_of_revenue: Fraction | None
    hours_freed: Fraction
    candidates: tuple[Candidate, ...]


def let_go_list(facts: Facts, review: Review, scores: Mapping[str, Classification],
                reviews: Sequence[tuple[date, int]]) -> LetGo:
    """`scores` are classifications by id, `reviews` the (day, clients) of every review so far."""
    year_start = fiscal_year_start(facts)
    base = _base(reviews, year_start)
    budget = int(exact(facts.policy["let_go"]["pct"]) * base / 100)
    used = sum(decision.decision == "let_go" and year_start <= decision.on <= facts.today
               for decision in facts.book.decisions)
    candidates = _ranked(facts, review, scores, budget - used)
    cut = [candidate for candidate in candidates if candidate.within_budget]
    stake = sum(candidate.revenue_12m for candidate in cut)
    total = sum(each.measures.revenue_12m for each in scores.values() if each.list in ("key", "secondary"))
    return LetGo(year_start, base, budget, used, stake, Fraction(stake, total) if total else None,
                 sum((candidate.hours_12m for candidate in cut), Fraction(0)), candidates)


def fiscal_year_start(facts: Facts) -> date:
    """The first day of the fiscal year of D."""
    month, day = map(int, facts.policy["fiscal_year_start"].split("-"))
    start = date(facts.today.year, month, day)
    return start if start <= facts.today else date(facts.today.year - 1, month, day)


def _base(reviews: Sequence[tuple[date, int]], year_start: date) -> int:
    """The most clients at a review of the year, before its first at the last review before it."""
    year_end = year_start.replace(year=year_start.year + 1)
    this_year = [clients for day, clients in reviews if year_start <= day < year_end]
    if this_year:
        return max(this_year)
    before = [review for review in reviews if review[0] < year_start]
    return max(reversed(before), key=lambda review: review[0])[1] if before else 0


def _ranked(facts: Facts, review: Review, scores: Mapping[str, Classification],
            remaining: int) -> tuple[Candidate, ...]:
    """Lowest keep score, then revenue_12m, then id; the first `remaining` are within the budget."""
    entries = [_entry(id_, each, review) for id_, each in scores.items()
               if _is_candidate(facts, facts.organisations[id_], each, review)]
    entries.sort(key=lambda entry: (sum(entry[1:4]), entry[4], entry[0]))
    return tuple(Candidate(*entry, within_budget=rank < remaining) for rank, entry in enumerate(entries))


def _entry(id_: str, each: Classification, review: Review) -> tuple[str, int, int, int, int, Fraction]:
    """(id, value, potential, engagement, revenue_12m, hours_12m)."""
    measures = each.measures
    share = Fraction(measures.contribution_12m, review.key_cutoff) if review.key_cutoff else Fraction(0)
    return (id_, round_away(VALUE_POINTS * unit(share)),
            round_away(Fraction(4 * (each.potential or 0), 10)),
            round_away(Fraction(2 * (each.engagement or 0), 10)),
            measures.revenue_12m, measures.hours_12m)


def _is_candidate(facts: Facts, organisation: Organisation, each: Classification, review: Review) -> bool:
    """Every condition of §4."""
    return (is_active_account(organisation)
            and _tier_in_force(facts, each) in facts.policy["let_go"]["tiers"]
            and (each.list in ("key", "secondary") or each.measures.minutes_12m > 0)
            and not _is_shielded(facts, organisation)
            and _is_long_enough(facts, organisation, each.measures, review))


def _tier_in_force(facts: Facts, each: Classification) -> str | None:
    """The latest override in force, else the computed tier."""
    by_hand = [override.tier for override in facts.book.overrides
               if override.organisation == each.id and _stands(override.until, facts.today)]
    return by_hand[-1] if by_hand else each.tier


def _is_shielded(facts: Facts, organisation: Organisation) -> bool:
    """Protected, under an open commitment, or with a standing keep."""
    keep = timedelta(days=facts.policy["keep_days"])
    ends = [decision.until or decision.on + keep for decision in facts.book.decisions
            if decision.organisation == organisation.id and decision.decision == "keep"]
    ends += [commitment.until for commitment in facts.book.commitments
             if commitment.organisation == organisation.id]
    if organisation.protected_until is not None:
        ends.append(organisation.protected_until)
    return any(_stands(end, facts.today) for end in ends)


def _stands(until: date | None, today: date) -> bool:
    """Its last day included; without an end for ever."""
    return until is None or today <= until


def _is_long_enough(facts: Facts, organisation: Organisation, measures: Measures,
                    review: Review) -> bool:
    """A client for min_tenure_days, where that is known (§4); a book that had no revenue yet makes no tenure known."""
    tenure = facts.policy["let_go"]["min_tenure_days"]
    since = organisation.client_since
    first, book_first = measures.first_revenue, review.first_revenue_on
    if since is None and first is not None and book_first is not None and (first - book_first).days > tenure:
        since = first
    return since is None or facts.age(since) >= tenure
