# SPDX-License-Identifier: Apache-2.0
"""Whom a seller pursues: targets and leads by rank and by hand, and how many places there are (domain.md §5)."""
from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .book import Assignment
from .classification import Classification
from .measures import Facts

PURSUED = {"target": "max_targets", "lead": "max_leads"}


class Member(NamedTuple):
    """One on a list; over_cap: as many as there are places stand before."""
    id: str
    by_hand: bool
    over_cap: bool


def pursued(classified: dict[str, Classification], facts: Facts, seller: str | None, list_: str) -> list[Member]:
    """Those put there by hand, then those the rules put there whom nobody moved; each by fit and expected_annual, both descending, then id."""
    cap = facts.policy[PURSUED[list_]]
    prospects = sorted((each for each in classified.values() if each.kind == "prospect"), key=_rank)
    hands = {each.id: facts.book.assignments.get(each.id) for each in prospects}
    by_hand = [each.id for each in prospects if _is_put(hands[each.id], seller, list_)]
    by_rules = [each.id for each in prospects if hands[each.id] is None and (each.seller, each.list) == (seller, list_)]
    return [Member(id_, True, False) for id_ in by_hand] + [
        Member(id_, False, seller is not None and place >= cap) for place, id_ in enumerate(by_rules, len(by_hand))]


def over_caps(classified: dict[str, Classification], facts: Facts) -> set[str]:
    """Whoever is beyond a seller's cap. No seller, no cap."""
    sellers = {each.seller for each in classified.values()}
    return {member.id for seller in sellers for list_ in PURSUED for member in pursued(classified, facts, seller, list_) if member.over_cap}


def weakest_in_the_way(classified: dict[str, Classification], facts: Facts, id_: str, seller: str, list_: str) -> tuple[bool, str | None]:
    """Whether a prospect cannot be put there, for all places are others', and who of these is the weakest."""
    cap = facts.policy[PURSUED[list_]]
    if _is_put(facts.book.assignments.get(id_), seller, list_):
        return False, None
    others = [member.id for member in pursued(classified, facts, seller, list_)[:cap] if member.id != id_]
    if len(others) < cap:
        return False, None
    return True, max((classified[other] for other in others), key=_rank).id if others else None


def is_inactive(facts: Facts, id_: str, seller: str, list_: str) -> bool:
    """Whether a prospect cannot be put there because one of the two is not active; who is there by hand may be put there again."""
    if _is_put(facts.book.assignments.get(id_), seller, list_):
        return False
    return not facts.book.sellers[seller].active or facts.book.organisations[id_].status != "active"


def is_on(classified: dict[str, Classification], facts: Facts, id_: str, seller: str, list_: str) -> bool:
    """Whether it is there to be taken off, within the cap or beyond."""
    return any(member.id == id_ for member in pursued(classified, facts, seller, list_))


def _is_put(hand: Assignment | None, seller: str | None, list_: str) -> bool:
    return hand is not None and not hand.taken_off and (hand.seller, hand.list) == (seller, list_)


def _rank(each: Classification) -> tuple[Fraction, int, str]:
    annual = each.qualification.size.annual
    return -(Fraction(-1) if each.fit.fit is None else each.fit.fit), -(-1 if annual is None else annual), each.id
