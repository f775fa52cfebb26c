# SPDX-License-Identifier: Apache-2.0
"""The domain rules, whole: reviews, scores, the let-go list. The entry to this package.

review(book), score(book, review) and let_go(book, review) are pure: they read the book and change nothing.
"""
# AMBIGUITIES: where domain.md is silent, what is chosen here. Each is one line of code to change.
#
#  Which facts count (§1)
#   1. Facts of a hidden organisation are hidden with it, everywhere. Hiding a seller changes no account:
#      what was owned, sold and done stays theirs. A touch of a hidden contact stays with the organisation but makes
#      no reach pair.
#   2. The organisation of a touch "defaults to the contact's" when read: it moves when the contact moves.
#   3. The day of an activity is the UTC day of its instant.
#   4. An open deal's closed_on (a CRM's expected close) is ignored; a won or lost deal without closed_on is
#      nowhere at all: neither its line, its seller nor its amount is seen.
#   5. A prospect is promoted by a single entry above 0 or by any won deal, its amount known or not, whichever
#      source revenue comes from; a fact that goes away later does not demote it. PUT as a prospect over a
#      promoted stub is a 409 like any other.
#   6. Revenue entries of any amount, even 0 or below, make `auto` choose entries. `revenue_from` names the
#      sources "revenue" and "deals". A won deal without amount earns nothing (not 0 on a day).
#   7. "First revenue" of the book or an account is the first earning above 0 in the frozen source, won deals
#      without organisation included for the book; no revenue at all means half-year momentum.
#   8. Deal-sourced revenue has no margin of its own: amount × margin_pct, rounded per deal.
#   9. An annual_potential put again unchanged, without a date, keeps its date (an idempotent PUT must not
#      refresh it); one dated after D is not there yet; a stated 0 is a stated potential.
#  10. Policy `lines` are counted distinct after folding, [] being 0. Lines of all seen deals (lost too) and
#      of all entries up to D (returns too) are offered.
#  11. A derived seller needs a deal or touch that names one; won deals without amount count as 0. "Latest
#      dated": closed_on of what is closed on D, opened_on of what is open. The lowest id is the seller's.
#  12. Trimming takes off all Unicode white space; text is not normalised (NFC and NFD differ).
#  13. The median of §5 and §6 (deals_per_year, cohort median, cycle days) is nearest rank as well.
#  Reviews and scores (§2, §3)
#  14. key_revenue_share divides by the clients' revenue_12m, not by revenue of inactive accounts or of none.
#  15. A client under a review without key_cutoff is secondary.
#  16. Policy `revenue_from` and `lines` act at the next review, since source and lines_offered are frozen;
#      so does `cuts.margin`. Weights, criteria, margins and hour cost act at once.
#  17. A score is not clamped: with odd weights its parts may round up to 100.01 or 100.02.
#  18. A component of weight 0 is available with 0 points; if all available weights are 0 the score is null.
#  19. headroom: the quotient is cut to 1 first, then × momentum.
#  20. Every account is scored and has stored sides, inactive and let-go ones too (their tier is null, their
#      list none); prospects have no engagement, potential or tier.
#  21. Without any score the percentile cut-off is 50.00.
#  22. A review judges its sides plainly, whatever sides the review before had stored.
#  Letting go (§4)
#  23. Protection and commitments stand through their last day, D = until included; keep without until stands
#      through decision day + keep_days; any keep whose end has not passed stands, whatever was decided since.
#  24. Only a tier override counts; the list is the computed one. Of several overrides the latest.
#  25. A client_since after D is no tenure yet: not a candidate.
#  26. Without key_cutoff the value part is 0; a null score counts as 0 (possible with an override).
#  27. share_of_revenue divides by the clients' revenue_12m; stake and hours are of what is within budget.
#  28. reassign with a seller states it; reprice with margin_pct states it; PUT without status keeps let_go.
#  Qualification and bands (§5, §6)
#  29. `exists` ignores its value and fails on missing; booleans equal booleans only; a plain decimal number
#      is [+-]digits[.digits], trimmed; blank elements of lists are dropped; dates compare as their text.
#  30. A single number in a list of one is a single number for between, gte, lte.
#  31. `missing` is empty unless the verdict is unknown, then all unknown criteria, expected_annual when an
#      estimate is below a floor, policy.criteria when there are none.
#  32. A prospect that is not active is on no list; its verdict is judged all the same.
#  33. Caps do not bind where no seller is known. By hand a prospect is on one list or, taken off, on none, whatever the rules say; who is there
#      by hand takes a place and is never over the cap; who is there by rank within the cap takes no further one.
#  34. The index is judged as rounded to 4 decimals. The roll-up replaces only the test "index < 0.5": a band whose index is null
#      may be too small by it.
#  35. Active sellers of the roll-up are those not hidden, stubs too. A quota or hours of 0 is known. Edges of [] are one band.
#  36. An account whose average won deal lies in a dropped band counts nowhere.
#  37. Larger deals are re-read by the change of shrunk rate ÷ effort from band to band (larger_deals.py).
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Sequence

from .book import Book, Organisation
from .classification import Classification
from .criteria import fit
from .frozen import Contender, Review, freeze, is_active_account, is_client
from .letting_go import LetGo, let_go_list
from .measures import Facts, Measures
from .pursuit import over_caps
from .qualification import qualify
from .scoring import Scores, annual_potential, cut_off, plain_sides, score_account, tier


def review(book: Book) -> Review:
    """Compute and freeze all cut-offs from the whole book on its day D (§1–§3)."""
    facts = Facts(book)
    source = facts.source()
    measured = facts.measure(source)
    scales = freeze(facts, source, measured)
    scored = _score_accounts(facts, measured, scales)
    clients = [scores for id_, scores in scored.items()
               if is_client(facts.organisations[id_], measured[id_])]
    cuts = {name: cut_off(facts.policy["cuts"][name],
                          [getattr(scores, name) for scores in clients if getattr(scores, name) is not None])
            for name in ("engagement", "potential")}
    sides = {id_: plain_sides(scores, cuts) for id_, scores in scored.items()}
    return with_counts(book, replace(scales, cuts=cuts, sides=sides))


def score(book: Book, under: Review) -> dict[str, Classification]:
    """Classify every organisation under a review, with the book's present policy and D."""
    facts = Facts(book)
    measured = facts.measure(under.source)
    classified = {id_: _classify(organisation, measured[id_], under, facts)
                  for id_, organisation in facts.organisations.items()}
    over = over_caps(classified, facts)
    return {id_: replace(each, over_cap=id_ in over) for id_, each in classified.items()}


def let_go(book: Book, under: Review, reviews: Sequence[tuple[date, int]] | None = None) -> LetGo:
    """The let-go list; `reviews` are (day, clients) of all reviews so far, by default this one alone (§4)."""
    history = reviews if reviews is not None else [(under.day, under.clients)]
    return let_go_list(Facts(book), under, score(book, under), history)


def measures(book: Book, under: Review | None = None) -> dict[str, Measures]:
    """The §1 measures alone; before a review, from the source one would freeze now."""
    facts = Facts(book)
    return facts.measure(under.source if under else facts.source())


def _score_accounts(facts: Facts, measured: dict[str, Measures], under: Review) -> dict[str, Scores]:
    return {id_: score_account(organisation, measured[id_], fit(organisation, facts).fit, under, facts)
            for id_, organisation in facts.organisations.items() if organisation.kind == "account"}


def with_counts(book: Book, under: Review) -> Review:
    """A review with how many are in each tier, list and verdict right after it, and which secondaries could become key."""
    classified = score(book, under).values()
    contenders = [each for each in classified if each.could_become_key]
    revenue = sum(each.measures.revenue_12m for each in classified if each.list in ("key", "secondary"))
    return replace(
        under,
        tiers=dict(Counter(each.tier for each in classified if each.tier)),
        lists=dict(Counter(each.list for each in classified)),
        verdicts=dict(Counter(each.qualification.verdict for each in classified if each.qualification)),
        contenders=tuple(Contender(each.id, each.measures.revenue_12m, each.annual_potential, each.annual_potential_source, each.potential)
                         for each in sorted(contenders, key=contender_order)),
        contenders_share=Fraction(sum(each.measures.revenue_12m for each in contenders), revenue) if revenue else None,
    )


def contender_order(each: Classification) -> tuple[int, bytes]:
    """By falling potential, those without one last, then by id."""
    return (1 if each.potential is None else -each.potential, each.id.encode())


def _could_become_key(list_: str, potential: int | None, under: Review) -> bool:
    """A client on secondary whose annual potential reaches the key cut-off (§2)."""
    return list_ == "secondary" and under.key_cutoff is not None and potential is not None and potential >= under.key_cutoff


def _classify(organisation: Organisation, measured: Measures, under: Review, facts: Facts) -> Classification:
    """One organisation: an account gets scores, tier and billing list, a prospect verdict and pursuit list."""
    own_fit = fit(organisation, facts)
    is_account = organisation.kind == "account"
    scores = score_account(organisation, measured, own_fit.fit, under, facts) if is_account else None
    judged = None if is_account else qualify(organisation, own_fit, under, facts)
    potential, source = annual_potential(organisation, measured, under, facts)
    seller, seller_source = facts.seller(organisation)
    list_ = judged.list if judged else _billing_list(organisation, measured, under)
    return Classification(
        id=organisation.id,
        kind=organisation.kind,
        tier=tier(scores, organisation.id, under) if is_active_account(organisation) else None,
        list=list_,
        scores=scores,
        measures=measured,
        momentum=under.momentum(measured),
        annual_potential=potential,
        annual_potential_source=source,
        could_become_key=_could_become_key(list_, potential, under),
        seller=seller,
        seller_source=seller_source,
        fit=own_fit,
        qualification=judged,
    )


def _billing_list(organisation: Organisation, measured: Measures, under: Review) -> str:
    """key, secondary, lka or none (§2)."""
    if not is_active_account(organisation):
        return "none"
    if not is_client(organisation, measured):
        return "lka"
    is_key = under.key_cutoff is not None and measured.revenue_12m >= under.key_cutoff
    return "key" if is_key else "secondary"
