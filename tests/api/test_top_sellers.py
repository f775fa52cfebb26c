# SPDX-License-Identifier: Apache-2.0
"""GET /v1/top-sellers: the fifth of the sellers with most revenue beside the others, against a reckoning of its own."""
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Callable

import pytest
from oracle import rules
from oracle.book import Book
from oracle.classification import Classification
from oracle.exact import exact
from oracle.frozen import is_client

from .client import Client
from .expectation import Differences, money, shown_money
from .server import Workspace
from .shelf import load
from .sizes import sized_shelf

PATH = "/v1/top-sellers"
TODAY = "2026-03-01"


def fifth(count: int) -> int:
    return -(-count // 5)


class Reckoning:
    """Who owns what, from the oracle's classification."""

    def __init__(self, book: Book) -> None:
        self.review = rules.review(book)
        self.clients = [each for id_, each in rules.score(book, self.review).items()
                        if is_client(book.organisations[id_], each.measures)]
        revenues = sorted((each.measures.revenue_12m for each in self.clients), reverse=True)
        self.edge = revenues[fifth(len(revenues)) - 1] if revenues else None
        small_pct = exact(book.policy["small_pct"]) / 100
        self.small_below = None if self.review.key_cutoff is None else self.review.key_cutoff * small_pct
        active = [seller.id for seller in book.visible("sellers") if seller.active]
        ranked = sorted(active, key=lambda id_: (-self.revenue([id_]), id_.encode()))
        self.top = [id_ for id_ in ranked[:fifth(len(active))] if self.revenue([id_]) > 0]
        self.rest = [id_ for id_ in active if id_ not in self.top]
        self.others = sorted({each.seller for each in self.clients} - set(active), key=str)

    def of(self, sellers: list[str | None]) -> list[Classification]:
        return [each for each in self.clients if each.seller in sellers]

    def revenue(self, sellers: list[str | None]) -> int:
        return sum(each.measures.revenue_12m for each in self.of(sellers))


def compare_owned(diff: Differences, where: str, shown: dict[str, Any], reckoning: Reckoning, sellers: list[str | None], digits: int) -> None:
    owned = reckoning.of(sellers)
    top = [each for each in owned if each.measures.revenue_12m >= reckoning.edge]
    all_top = [each for each in reckoning.clients if each.measures.revenue_12m >= reckoning.edge]
    revenue, all_revenue = reckoning.revenue(sellers), sum(each.measures.revenue_12m for each in reckoning.clients)
    diff.check(f"{where} clients", (shown["clients"], shown["top_clients"]), (len(owned), len(top)))
    diff.check(f"{where} revenue", shown_money(shown["revenue_12m"]), money(revenue, digits))
    diff.check_rounded(f"{where} share_of_revenue", shown["share_of_revenue"], Fraction(revenue, all_revenue) if all_revenue else None, 4)
    diff.check_rounded(f"{where} share_of_top_clients", shown["share_of_top_clients"],
                       Fraction(len(top), len(all_top)) if all_top else None, 4)
    diff.check(f"{where} small_accounts", shown["small_accounts"], None if reckoning.small_below is None else
               sum(each.measures.revenue_12m < reckoning.small_below for each in owned))
    diff.check_rounded(f"{where} average_account", shown["average_account"],
                       Fraction(revenue, len(owned) * 10 ** digits) if owned else None, digits)


@pytest.mark.parametrize("seed, small_pct", [(1, 50), (2, 33.33), (3, 100), (4, 0), (5, 50), (6, 50)])
def test_random_book_equals_the_reckoning(new_workspace: Callable[..., Workspace], seed: int, small_pct: float) -> None:
    shelf = sized_shelf(seed, 90 if seed < 6 else 5)
    shelf["policy"]["small_pct"] = small_pct
    workspace = new_workspace()
    load(workspace, shelf)
    workspace.review()
    book = Book.load(shelf)
    reckoning, digits, diff = Reckoning(book), book.minor_digits, Differences()
    shown = workspace.client.expect(200, "GET", PATH)
    diff.check("top_clients_from", shown_money(shown["top_clients_from"]), money(reckoning.edge, digits))
    diff.check("top", [each["seller"] for each in shown["data"]], reckoning.top)
    diff.check("sellers", [shown[name]["sellers"] for name in ("top", "rest")], [len(reckoning.top), len(reckoning.rest)])
    for name, sellers in (("top", reckoning.top), ("rest", reckoning.rest), ("unassigned", reckoning.others)):
        compare_owned(diff, name, shown[name], reckoning, sellers, digits)
    for each in shown["data"]:
        compare_owned(diff, each["seller"], each, reckoning, [each["seller"]], digits)
    diff.verify(20)


def test_a_fifth_is_rounded_up_and_who_has_no_revenue_is_never_in_it(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    client.import_all("sellers", [{"id": f"s{number}", "name": f"S{number}"} for number in range(6)])
    client.import_all("accounts", [{"id": f"a{number}", "name": "A", "seller": "s3"} for number in range(5)])
    client.import_all("revenue", [{"id": f"r{number}", "organisation": f"a{number}", "amount": amount, "on": "2026-02-01"}
                                  for number, amount in enumerate((1000, 1000, 400, 100, 0))])
    workspace.review()
    shown = client.expect(200, "GET", PATH)
    # Six sellers are a fifth of two, but one alone has revenue. Four clients are a fifth of one, and a tie makes two.
    assert [each["seller"] for each in shown["data"]] == ["s3"]
    assert (shown["top"]["sellers"], shown["rest"]["sellers"]) == (1, 5)
    assert (shown["top_clients_from"], shown["top"]["top_clients"], shown["top"]["share_of_top_clients"]) == (1000, 2, 1)
    assert (shown["small_below"], shown["top"]["small_accounts"], shown["top"]["average_account"]) == (500, 2, 625)
    assert shown["rest"]["average_account"] is None and shown["rest"]["small_accounts"] == 0


def test_before_a_review_nothing_is_small(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    shown = client.expect(200, "GET", PATH)
    assert shown["review"] is None and shown["small_below"] is None and shown["top_clients_from"] is None and shown["data"] == []
    assert shown["top"] == {"sellers": 0, "clients": 0, "revenue_12m": 0, "share_of_revenue": None, "top_clients": 0,
                            "share_of_top_clients": None, "small_accounts": None, "average_account": None}


def test_clients_of_inactive_sellers_are_nobodys(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    client.import_all("sellers", [{"id": "in", "name": "In"}, {"id": "out", "name": "Out", "active": False}])
    client.import_all("accounts", [{"id": name, "name": name, "seller": seller}
                                   for name, seller in (("a", "in"), ("b", "out"), ("c", None), ("d", "in"))])
    client.import_all("revenue", [{"id": name, "organisation": name, "amount": 100, "on": "2026-02-01"} for name in "abcd"])
    client.patch("/v1/accounts/d", {"status": "inactive"})
    shown = client.expect(200, "GET", PATH)
    assert (shown["top"]["clients"], shown["rest"]["clients"], shown["unassigned"]["clients"]) == (1, 0, 2)
    assert shown["unassigned"]["share_of_revenue"] == Decimal("0.6667")
