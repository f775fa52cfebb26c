# SPDX-License-Identifier: Apache-2.0
"""Engagement, potential, cut-offs and tiers (domain.md §3)."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .book import Organisation
from .exact import FULL_SCORE, ONE, YEAR_DAYS, exact, hundredths, round_away, unit
from .frozen import Review, is_client
from .measures import Facts, Measures

ENGAGEMENT = ("reach", "initiative", "rhythm", "orders", "breadth")
POTENTIAL = ("headroom", "white_space", "momentum", "fit")
MIN_DIRECTED = 5
CUT_OF_NONE = 5000

TIERS = {(True, True): "key", (True, False): "maintenance", (False, True): "growth", (False, False): "service"}

Parts = dict[str, int]


@dataclass(frozen=True)
class Scores:
    """Points in hundredths by component; a score is their sum, None when nothing is available."""
    engagement_parts: Parts | None
    potential_parts: Parts | None

    @property
    def engagement(self) -> int | None:
        return _total(self.engagement_parts)

    @property
    def potential(self) -> int | None:
        return _total(self.potential_parts)


def annual_potential(organisation: Organisation, measures: Measures, review: Review,
                     facts: Facts) -> tuple[int | None, str | None]:
    """Stated within the last 365 days, else for a client its cohort's 75th percentile, else none (§1)."""
    stated_on = organisation.annual_potential_on
    if organisation.annual_potential is not None and 0 <= facts.age(stated_on) < YEAR_DAYS:
        return organisation.annual_potential, "stated"
    cohort = review.cohort(organisation)
    if is_client(organisation, measures) and cohort is not None:
        return cohort.upper, "estimate"
    return None, None


def score_account(organisation: Organisation, measures: Measures, fit: Fraction | None, review: Review,
                  facts: Facts) -> Scores:
    """Both scores of one account under a review."""
    potential, source = annual_potential(organisation, measures, review, facts)
    engagement_available = {name: review.availability[name] for name in ENGAGEMENT}
    potential_available = {name: review.availability[name] for name in POTENTIAL[:-1]}
    potential_available["fit"] = bool(facts.policy["criteria"])
    return Scores(
        _contributions(facts.policy["engagement"], engagement_available,
                       _engagement_shares(measures, review)),
        _contributions(facts.policy["potential"], potential_available,
                       _potential_shares(measures, potential, source, fit, review)),
    )


def cut_off(rule: dict[str, Any], scores: list[int]) -> int:
    """The smallest score with at least floor(p n ÷ 100) scores strictly below it, 50.00 where none has."""
    if "score" in rule:
        return hundredths(rule["score"])
    needed = int(exact(rule["percentile"]) * len(scores) / 100)
    ascending = sorted(scores)
    return next((score for score in ascending if ascending.index(score) >= needed), CUT_OF_NONE)


def is_high(score: int | None, cut: int, margin: int, stored: bool | None) -> bool | None:
    """Steadiness (§3): a stored side holds within the margin; without one judged plainly."""
    if score is None:
        return None
    if stored is None:
        return score >= cut
    return score >= (cut - margin if stored else cut + margin)


def tier(scores: Scores, id_: str, review: Review) -> str | None:
    """One of four, None when a score is."""
    stored = review.sides.get(id_, (None, None))
    high = (is_high(scores.engagement, review.cuts["engagement"], review.margin, stored[0]),
            is_high(scores.potential, review.cuts["potential"], review.margin, stored[1]))
    return TIERS.get(high)


def plain_sides(scores: Scores, cuts: dict[str, int]) -> tuple[bool | None, bool | None]:
    """The sides a review stores."""
    return (is_high(scores.engagement, cuts["engagement"], 0, None),
            is_high(scores.potential, cuts["potential"], 0, None))


def _total(parts: Parts | None) -> int | None:
    return None if parts is None else sum(parts.values())


def _contributions(weights: dict[str, Any], available: dict[str, bool],
                   shares: dict[str, Fraction]) -> Parts | None:
    """round(10000 × w × s ÷ Σ w) over the available components (§3)."""
    in_force = {name: exact(weights[name]) for name in shares if available[name]}
    total = sum(in_force.values())
    if total == 0:
        return None
    return {name: round_away(FULL_SCORE * weight * shares[name] / total)
            for name, weight in in_force.items()}


def _engagement_shares(measures: Measures, review: Review) -> dict[str, Fraction]:
    """s of each component, 0…1."""
    return {
        "reach": _share(Fraction(measures.reach), review.full["reach"]),
        "initiative": unit(Fraction(2 * measures.inbound, max(MIN_DIRECTED, measures.directed))),
        "rhythm": _share(Fraction(measures.rhythm, ONE), review.full["rhythm"]),
        "orders": _share(Fraction(measures.orders, ONE), review.full["orders"]),
        "breadth": _breadth(measures, review),
    }


def _potential_shares(measures: Measures, potential: int | None, source: str | None, fit: Fraction | None,
                      review: Review) -> dict[str, Fraction]:
    """s of each component, 0…1; without any annual potential all but fit are 0."""
    nothing = Fraction(0)
    own_fit = (fit or nothing) / 100
    if potential is None:
        return {"headroom": nothing, "white_space": nothing, "momentum": nothing, "fit": own_fit}
    momentum = review.momentum(measures)
    headroom = _share(Fraction(potential - measures.revenue_12m), review.key_cutoff)
    return {
        "headroom": headroom * momentum if source == "estimate" else headroom,
        "white_space": 1 - _breadth(measures, review),
        "momentum": momentum,
        "fit": own_fit,
    }


def _breadth(measures: Measures, review: Review) -> Fraction:
    return _share(Fraction(measures.lines_12m), review.lines_offered)


def _share(value: Fraction, full: Fraction | int | None) -> Fraction:
    """value ÷ full within 0…1; 0 of an unknown full, whose component is unavailable anyway."""
    return unit(value / full) if full else Fraction(0)
