# SPDX-License-Identifier: Apache-2.0
"""What the oracle says of a book against what the service shows and stores, organisation by organisation."""
from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any, Iterable

from oracle import rules
from oracle.book import Book
from oracle.classification import Classification
from oracle.exact import exact, round_away
from oracle.frozen import Review
from oracle.letting_go import LetGo
from oracle.measures import Facts
from oracle.pursuit import PURSUED, pursued

from .client import Client, path_of
from .server import Workspace

MOST_DECIMALS = 12
CONTENDERS_SHOWN = 20
MONEY = ("revenue_12m", "revenue_prior_12m", "margin_12m", "contribution_12m")
COUNTS = ("reach", "inbound", "directed", "lines_12m")


class Differences:
    """Everything that differs, so that a failure shows the whole picture."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.compared = 0

    def check(self, where: str, shown: Any, expected: Any) -> None:
        self.compared += 1
        if shown != expected:
            self.lines.append(f"{where}: service {shown!r}, oracle {expected!r}")

    def check_rounded(self, where: str, shown: Any, expected: Any, least: int) -> None:
        """A number shown rounded half away from zero to at least so many decimals."""
        self.compared += 1
        if shown is None or expected is None:
            if shown is not expected:
                self.lines.append(f"{where}: service {shown!r}, oracle {expected!r}")
            return
        wanted = exact(expected)
        if not any(exact(shown) == Fraction(round_away(wanted * 10 ** places), 10 ** places)
                   for places in range(least, MOST_DECIMALS)):
            self.lines.append(f"{where}: service {shown}, oracle {float(wanted)!r}")

    def check_points(self, where: str, shown: Any, expected: int | None) -> None:
        """A score: hundredths of a point."""
        self.check(where, None if shown is None else Fraction(exact(shown)), None if expected is None else Fraction(expected, 100))

    def verify(self, least: int = 1) -> None:
        assert self.compared >= least, f"only {self.compared} comparisons"
        assert not self.lines, f"{len(self.lines)} of {self.compared} differ\n" + "\n".join(self.lines[:40])


def money(minor: int | None, digits: int) -> Fraction | None:
    return None if minor is None else Fraction(minor, 10 ** digits)


def shown_money(value: Any) -> Fraction | None:
    return None if value is None else exact(value)


def compare_record(diff: Differences, shown: dict[str, Any], each: Classification, book: Book) -> None:
    """One organisation as GET shows it."""
    where, measures, digits = repr(each.id), each.measures, book.minor_digits
    given = shown["measures"]
    for name in MONEY:
        diff.check(f"{where} {name}", shown_money(given[name]), money(getattr(measures, name), digits))
    for name in COUNTS:
        diff.check(f"{where} {name}", given[name], getattr(measures, name))
    diff.check_rounded(f"{where} hours_12m", given["hours_12m"], measures.hours_12m, 2)
    per_hour = measures.value_per_hour
    diff.check_rounded(f"{where} value_per_hour", given["value_per_hour"], per_hour and per_hour / 10 ** digits, min(digits, 2))
    diff.check_rounded(f"{where} rhythm", given["rhythm"], Fraction(measures.rhythm, 1 << 32), 2)
    diff.check_rounded(f"{where} orders", given["orders"], Fraction(measures.orders, 1 << 32), 2)
    diff.check(f"{where} seller", shown["seller"], each.seller)
    diff.check(f"{where} seller_source", shown["seller_source"], each.seller_source)
    if each.kind == "account":
        compare_account(diff, shown, each, book)
    else:
        compare_prospect(diff, shown, each, book)


def hundredths(share: Fraction | None) -> Fraction | None:
    """A share of 100 as it is shown: two decimals, half away from zero."""
    return None if share is None else Fraction(round_away(share * 100), 100)


def compare_prospect(diff: Differences, shown: dict[str, Any], each: Classification, book: Book) -> None:
    """What only prospects have: verdict, fit, size, access, pursuit list and cap."""
    where, given, found = repr(each.id), shown["qualification"], each.qualification
    digits = book.minor_digits
    diff.check(f"{where} verdict", given["verdict"], found.verdict)
    diff.check(f"{where} list", (given["list"], shown["classification"]["list"]), (found.list, found.list))
    diff.check(f"{where} could_become_key", shown["classification"]["could_become_key"], False)
    diff.check(f"{where} fit", shown_money(given["fit"]), hundredths(each.fit.fit))
    diff.check(f"{where} fit_best", shown_money(given["fit_best"]), hundredths(each.fit.fit_best))
    diff.check(f"{where} expected_annual", shown_money(given["expected_annual"]), money(found.size.annual, digits))
    diff.check(f"{where} expected_annual_source", given["expected_annual_source"], found.size.source)
    deal = found.size.deal
    diff.check(f"{where} expected_deal", shown_money(given["expected_deal"]), None if deal is None else money(round_away(deal), digits))
    diff.check(f"{where} access", given["access"], found.access)
    diff.check(f"{where} over_cap", given["over_cap"], each.over_cap)
    diff.check(f"{where} missing", given["missing"], list(found.missing))
    hand, kept = given["assigned"], book.assignments.get(each.id)
    diff.check(f"{where} assigned", hand and (hand["list"], hand["seller"], hand["taken_off"]), kept and (kept.list, kept.seller, kept.taken_off))


def compare_account(diff: Differences, shown: dict[str, Any], each: Classification, book: Book) -> None:
    """What only accounts have: tier, list, scores, momentum, potential."""
    where, classified, given = repr(each.id), shown["classification"], shown["measures"]
    diff.check(f"{where} tier", classified["tier"], each.tier)
    diff.check(f"{where} list", classified["list"], each.list)
    diff.check(f"{where} could_become_key", classified["could_become_key"], each.could_become_key)
    if book.organisations[each.id].status != "active":
        return  # its scores show nothing
    diff.check_points(f"{where} engagement", classified["engagement"], each.engagement)
    diff.check_points(f"{where} potential", classified["potential"], each.potential)
    diff.check_rounded(f"{where} momentum", given["momentum"], each.momentum, 4)
    diff.check(f"{where} annual_potential", shown_money(given["annual_potential"]),
               money(each.annual_potential, book.minor_digits))
    diff.check(f"{where} annual_potential_source", given["annual_potential_source"], each.annual_potential_source)


def compare_records(diff: Differences, client: Client, classified: dict[str, Classification], book: Book,
                    only: Iterable[str] | None = None) -> None:
    """Every organisation by GET."""
    for id_ in classified if only is None else only:
        each = classified[id_]
        answer = client.get(path_of(f"{each.kind}s", id_))
        if answer.status != 200:
            diff.check(f"GET {each.kind} {id_!r}", answer.status, 200)
            continue
        compare_record(diff, answer.json, each, book)


def compare_lists(diff: Differences, client: Client, classified: dict[str, Classification], book: Book) -> None:
    """Accounts and prospects as their lists page through them: the same records, all of them, once."""
    for kind in ("account", "prospect"):
        wanted = {id_: each for id_, each in classified.items() if each.kind == kind}
        seen = Counter()
        for shown in client.pages(f"/v1/{kind}s", limit=500):
            seen[shown["id"]] += 1
            if shown["id"] in wanted:
                compare_record(diff, shown, wanted[shown["id"]], book)
        diff.check(f"ids listed under /{kind}s", seen, Counter(list(wanted)))


def compare_sellers_lists(diff: Differences, client: Client, classified: dict[str, Classification], book: Book) -> None:
    """Whom every seller has and pursues, in order."""
    facts = Facts(book)
    for id_ in (seller.id for seller in book.visible("sellers")):
        shown = client.expect(200, "GET", path_of("sellers", id_, "/lists"))
        for list_ in ("key", "secondary"):
            held = sorted((-each.measures.revenue_12m, each.id) for each in classified.values() if (each.seller, each.list) == (id_, list_))
            diff.check(f"{list_} list of {id_!r}", [each["account"] for each in shown[list_]["data"]], [account for _, account in held])
        for list_ in PURSUED:
            members = [(each["prospect"], each["by_hand"], each["over_cap"]) for each in shown[list_]["data"]]
            diff.check(f"{list_} list of {id_!r}", members, [tuple(member) for member in pursued(classified, facts, id_, list_)])


def compare_hands(diff: Differences, client: Client, classified: dict[str, Classification], book: Book) -> None:
    """Whom somebody has put on a list, or taken off one, as the prospects' filter finds them."""
    hands = {id_: hand for id_, hand in book.assignments.items() if id_ in classified and classified[id_].kind == "prospect"}
    for value in ("any", "target", "lead", "taken_off"):
        wanted = [id_ for id_, hand in hands.items() if value in ("any", "taken_off" if hand.taken_off else hand.list)]
        listed = [each["id"] for each in client.pages("/v1/prospects", assigned=value, limit=3)]
        diff.check(f"prospects assigned {value}", listed, sorted(wanted, key=str.encode))


def compare_review(diff: Differences, shown: dict[str, Any], review: Review, book: Book) -> None:
    """The figures of a review."""
    diff.check("review day", shown["day"], review.day.isoformat())
    diff.check("review clients", shown["clients"], review.clients)
    diff.check("review key_cutoff", shown_money(shown["key_cutoff"]), money(review.key_cutoff, book.minor_digits))
    diff.check_rounded("review key_revenue_share", shown["key_revenue_share"], review.key_revenue_share, 4)
    diff.check("review lines_offered", shown["lines_offered"], review.lines_offered)
    for name, cut in review.cuts.items():
        diff.check_points(f"review cut {name}", shown["cuts"][name], cut)
    for name, full in review.full.items():
        if not review.availability[name]:
            continue  # a full mark that the policy states is shown or not where nothing is recorded
        diff.check_rounded(f"review full {name}", shown["full"][name], full, 0 if name == "reach" else 5)
    diff.check("review tiers", _present(shown["tiers"]), review.tiers)
    diff.check("review lists of accounts", _billing(shown["lists"]), _billing(review.lists))
    diff.check("review verdicts", _present(shown["verdicts"]), review.verdicts)
    compare_frozen_contenders(diff, shown["could_become_key"], review, book)


def compare_frozen_contenders(diff: Differences, shown: dict[str, Any], review: Review, book: Book) -> None:
    """The figures of all secondaries that could become key, and the first of them."""
    digits, wanted = book.minor_digits, review.contenders
    diff.check("contenders count", shown["count"], len(wanted))
    diff.check("contenders revenue_12m", shown_money(shown["revenue_12m"]), money(sum(each.revenue_12m for each in wanted), digits))
    diff.check("contenders headroom", shown_money(shown["headroom"]), money(sum(each.annual_potential - each.revenue_12m for each in wanted), digits))
    diff.check_rounded("contenders revenue_share", shown["revenue_share"], review.contenders_share, 4)
    diff.check("first contenders", [each["account"] for each in shown["first"]], [each.id for each in wanted[:CONTENDERS_SHOWN]])
    for given, each in zip(shown["first"], wanted):
        where = f"contender {each.id!r}"
        diff.check(f"{where} name", given["name"], book.organisations[each.id].name or each.id)
        diff.check(f"{where} revenue_12m", shown_money(given["revenue_12m"]), money(each.revenue_12m, digits))
        diff.check(f"{where} annual_potential", shown_money(given["annual_potential"]), money(each.annual_potential, digits))
        diff.check(f"{where} annual_potential_source", given["annual_potential_source"], each.annual_potential_source)
        diff.check_points(f"{where} potential", given["potential"], each.potential)


def compare_contenders(diff: Differences, client: Client, classified: dict[str, Classification]) -> None:
    """Those who could become key now, as their list has them, in its order."""
    wanted = sorted((each for each in classified.values() if each.could_become_key), key=rules.contender_order)
    listed = [each["id"] for each in client.pages("/v1/accounts", could_become_key="true", sort="-potential", limit=7)]
    diff.check("list of those who could become key", listed, [each.id for each in wanted])


def compare_let_go(diff: Differences, client: Client, expected: LetGo, book: Book) -> None:
    """The let-go list, whole, in its order."""
    digits = book.minor_digits
    head = client.expect(200, "GET", "/v1/let-go", query={"limit": 500})
    diff.check("let-go base", head["base"], expected.base)
    diff.check("let-go budget", head["budget"], expected.budget)
    diff.check("let-go used", head["used"], expected.used)
    diff.check("let-go remaining", head["remaining"], max(0, expected.budget - expected.used))
    diff.check("let-go revenue_at_stake", shown_money(head["revenue_at_stake"]), money(expected.revenue_at_stake, digits))
    diff.check_rounded("let-go share_of_revenue", head["share_of_revenue"], expected.share_of_revenue, 4)
    diff.check_rounded("let-go hours_freed", head["hours_freed"], expected.hours_freed, 1)
    shown = list(client.pages("/v1/let-go", limit=7))
    diff.check("let-go order", [entry["account"] for entry in shown], [each.account for each in expected.candidates])
    for rank, (entry, each) in enumerate(zip(shown, expected.candidates), 1):
        where = f"let-go {rank} {each.account!r}"
        diff.check(f"{where} rank", entry["rank"], rank)
        diff.check_points(f"{where} keep_score", entry["keep_score"], each.keep_score)
        parts = {part["name"]: exact(part["points"]) * 100 for part in entry["components"]}
        diff.check(f"{where} parts", parts, {"value": each.value, "potential": each.potential, "engagement": each.engagement})
        diff.check(f"{where} within_budget", entry["within_budget"], each.within_budget)
        diff.check(f"{where} revenue_12m", shown_money(entry["revenue_12m"]), money(each.revenue_12m, digits))
        diff.check_rounded(f"{where} hours_12m", entry["hours_12m"], each.hours_12m, 2)


STORED = """
SELECT s.organisation, s.is_account, s.tier, s.list, s.could_become_key, s.verdict, s.engagement, s.potential, s.seller, s.revenue_12m, s.revenue_prior_12m,
       s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m, s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m
  FROM standing_in_force AS s
 WHERE s.workspace_id = %s"""


def compare_stored(diff: Differences, workspace: Workspace, classified: dict[str, Classification], book: Book) -> None:
    """The stored standings, exactly: decay sums to the last bit."""
    rows = {row[0]: row[1:] for row in workspace.sql(STORED)}
    diff.check("organisations with a standing", sorted(rows), sorted(classified))
    for id_, each in classified.items():
        if id_ not in rows:
            continue
        is_account, tier, list_, could_become_key, verdict, engagement, potential, seller, *measures = rows[id_]
        m, where = each.measures, f"stored {id_!r}"
        diff.check(f"{where} is_account", is_account, each.kind == "account")
        diff.check(f"{where} measures", measures,
                   [m.revenue_12m, m.revenue_prior_12m, m.revenue_half, m.revenue_prior_half, m.margin_12m, int(m.minutes_12m),
                    m.rhythm, m.orders, m.reach, m.inbound, m.directed, m.lines_12m])
        diff.check(f"{where} seller", seller, each.seller)
        diff.check(f"{where} could_become_key", could_become_key, each.could_become_key)
        diff.check(f"{where} verdict", verdict, each.qualification and each.qualification.verdict)
        if each.kind == "account":
            diff.check(f"{where} tier, list", (tier, list_ or "none"), (each.tier, each.list))
            if book.organisations[id_].status == "active":
                diff.check(f"{where} scores", (engagement, potential), (each.engagement, each.potential))


def compare_all(workspace: Workspace, book: Book, review: Review, history: list[tuple[Any, int]] | None = None,
                by_get: bool = True) -> Differences:
    """Records, stored standings and the let-go list under one review."""
    diff = Differences()
    classified = rules.score(book, review)
    compare_stored(diff, workspace, classified, book)
    if by_get:
        compare_records(diff, workspace.client, classified, book)
    compare_sellers_lists(diff, workspace.client, classified, book)
    compare_contenders(diff, workspace.client, classified)
    compare_hands(diff, workspace.client, classified, book)
    compare_let_go(diff, workspace.client, rules.let_go(book, review, history), book)
    return diff


def _present(counts: dict[str, Any]) -> dict[str, int]:
    return {name: int(count) for name, count in counts.items() if count}


def _billing(lists: dict[str, Any]) -> dict[str, int]:
    return {name: int(lists.get(name, 0)) for name in ("key", "secondary", "lka")}


def plain(value: Any) -> Any:
    """Decimals of an answer as floats or ints, to be sent again."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
