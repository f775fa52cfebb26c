# SPDX-License-Identifier: Apache-2.0
"""GET /v1/sweet-spot: against the oracle over random books, over books that are hardly any, frozen and fresh."""
from __future__ import annotations

from decimal import Decimal
from typing import Any, Callable

import pytest
from oracle.book import Book

from .client import Client
from .expectation import Differences
from .server import Workspace
from .shelf import load
from .sizes import compare_sizes, compare_what_if, sized_shelf, sizes_of

PATH = "/v1/sweet-spot"
TODAY = "2026-03-01"
BOOKS = [(seed, 10 + seed % 4 * 25) for seed in range(1, 13)]


NO_SUCH_SIZE = "no deal of that size was won or lost in the window"


def sweet_spot(client: Client, **query: Any) -> dict[str, Any]:
    return client.expect(200, "GET", PATH, query=query)


# --- against the oracle ---


@pytest.mark.parametrize("seed, size", BOOKS)
def test_random_book_equals_the_oracle(new_workspace: Callable[..., Workspace], seed: int, size: int) -> None:
    shelf = sized_shelf(seed, size)
    workspace = new_workspace()
    load(workspace, shelf)
    book = Book.load(shelf)
    review = workspace.review()
    diff = Differences()
    for query in ({}, {"fresh": 1}):
        shown = sweet_spot(workspace.client, deal_size_pct=25, **query)
        assert shown["window"] == ["2023-07-02", "2025-06-30"]
        compare_sizes(diff, shown, sizes_of(book), book)
        compare_what_if(diff, shown, book, 25)
        assert shown["derived_floor"] == review["derived_floor"]
    diff.verify(20)


def test_books_reach_every_answer() -> None:
    """The random books above are such that each rule decides something."""
    sizes = [sizes_of(Book.load(sized_shelf(seed, size))) for seed, size in BOOKS]
    assert {each.basis for each in sizes} == {"hours", "days"}
    assert {each.quota_infeasible for each in sizes} == {True, False}
    assert {each.floor is None for each in sizes} == {True, False}
    assert {band.verdict for each in sizes for band in each.bands} == {"sweet_spot", "too_small", "outside", "cannot_tell"}


@pytest.mark.parametrize("currency, digits", [("JPY", 0), ("KWD", 3)])
def test_currency_with_other_minor_units_equals_the_oracle(new_workspace: Callable[..., Workspace], currency: str, digits: int) -> None:
    shelf = sized_shelf(40 + digits, 60)
    shelf.update(currency=currency, minor_digits=digits)
    shelf["policy"].pop("edges", None)
    for rows in shelf["records"].values():
        for row in rows:
            row.update({name: int(float(row[name])) for name in ("amount", "quota", "margin", "annual_potential", "expected_annual",
                                                                 "company_revenue") if row.get(name) is not None})
    workspace = new_workspace(currency=currency)
    load(workspace, shelf)
    workspace.review()
    diff = Differences()
    book = Book.load(shelf)
    compare_sizes(diff, sweet_spot(workspace.client), sizes_of(book), book)
    diff.verify(10)


# --- books that are hardly any ---


def test_before_any_review_the_answer_says_so(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    shown = sweet_spot(client, deal_size_pct=25)
    assert shown["review"] is None and shown["window"] is None and shown["basis"] is None and shown["without_amount"] is None
    assert shown["bands"] == [] and shown["sweet_spot"] is None and shown["floor"] is None and shown["quota_infeasible"] is False
    assert shown["what_if"]["sellers"] == []
    assert "no review has been made yet" in shown["reason"]
    fresh = sweet_spot(client, fresh=1)
    assert (fresh["review"], fresh["window"], fresh["bands"]) == (None, ["2024-03-02", TODAY], [])
    assert fresh["reason"] == "no deal with an amount was won or lost in the window"


def deals(client: Client, rows: list[dict[str, Any]]) -> None:
    client.import_all("deals", [{"id": f"d{number}", **row} for number, row in enumerate(rows)])


def test_one_deal_cannot_tell(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    deals(client, [{"stage": "won", "amount": 500, "opened_on": "2026-01-01", "closed_on": "2026-01-31"}])
    workspace.review()
    shown = sweet_spot(client)
    assert shown["reason"] == "no band is known to be worth as much as the deals are on average: without a sweet spot nothing is too small"
    assert shown["bands"] == [{
        "from": None, "to": None, "deals": 1, "won": 1, "win_rate": 1, "win_rate_low": Decimal("0.206549314377"), "win_rate_high": 1,
        "win_rate_shrunk": 1, "average_won": 500, "median_cycle_days": 30, "effort": 30, "value_index": None, "year_of_such_deals": None,
        "verdict": "cannot_tell", "because": "it has fewer than 10 deals"}]


@pytest.mark.parametrize("row, because", [({"stage": "lost", "opened_on": "2026-01-01"}, "none of its deals was won"),
                                          ({"stage": "won"}, "nothing says what a pursuit of its deals took"),
                                          ({"stage": "won", "opened_on": "2026-01-31"}, "by what is recorded, pursuits of its deals took nothing")])
def test_bands_that_cannot_tell_say_why(client: Client, workspace: Workspace, row: dict[str, Any], because: str) -> None:
    workspace.pin(TODAY)
    deals(client, [{**row, "amount": 500, "closed_on": "2026-01-31"} for _ in range(10)])
    workspace.review()
    for shown in (sweet_spot(client), sweet_spot(client, fresh=1)):
        assert [(band["verdict"], band["because"]) for band in shown["bands"]] == [("cannot_tell", because)]
        assert (shown["sweet_spot"], shown["floor"]) == (None, None) and "nothing is too small" in shown["reason"]


def test_everything_wrong_with_the_question_is_told_at_once(client: Client) -> None:
    assert sorted(client.get(PATH, amount="x", deal_size_pct=0, fresh="maybe", other=1).pointers()) == ["?amount", "?deal_size_pct", "?fresh", "?other"]


def test_window_amounts_and_hidden_organisations(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    client.import_all("accounts", [{"id": "kept", "name": "Kept"}, {"id": "gone", "name": "Gone"}])
    deals(client, [
        {"stage": "won", "amount": 10, "closed_on": "2024-03-02"},
        {"stage": "won", "amount": 20, "closed_on": "2024-03-01"},                       # a day too old
        {"stage": "won", "amount": 30, "closed_on": "2026-03-02"},                       # not closed yet
        {"stage": "open", "amount": 40, "closed_on": "2026-02-01"},
        {"stage": "lost", "amount": 50, "closed_on": TODAY, "organisation": "kept"},
        {"stage": "lost", "amount": 60, "closed_on": TODAY, "organisation": "gone"},
        {"stage": "lost", "closed_on": TODAY}, {"stage": "won", "amount": 0, "closed_on": TODAY},
        {"stage": "won", "amount": 70}])
    assert client.delete("/v1/accounts/gone").status == 204
    workspace.review()
    shown = sweet_spot(client)
    assert [(band["deals"], band["won"]) for band in shown["bands"]] == [(2, 1)]
    assert shown["without_amount"] == 2


def test_closed_before_opened_is_refused(client: Client) -> None:
    answer = client.put("/v1/deals/d", {"stage": "won", "amount": 5, "opened_on": "2026-02-02", "closed_on": "2026-02-01"})
    assert answer.status == 422


# --- frozen, and what acts at once ---


def ladder(client: Client, large: int = 30) -> None:
    """Deals of 100 that take 50 days and deals of 1000 that take 20, half of each won; Ada sells the small, Bob the large."""
    rows = [{"stage": ("won", "lost")[number % 2], "amount": amount, "opened_on": opened, "closed_on": "2026-01-31", "seller": seller}
            for amount, opened, seller, count in ((100, "2025-12-12", "ada", 30), (1000, "2026-01-11", "bob", large)) for number in range(count)]
    deals(client, rows)


def test_floor_is_frozen_until_the_next_review_and_the_policys_acts_at_once(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[500])
    ladder(client)
    review = workspace.review()
    assert review["derived_floor"] == 500
    shown = sweet_spot(client)
    assert [band["verdict"] for band in shown["bands"]] == ["too_small", "sweet_spot"]
    assert (shown["floor"], shown["floor_source"]) == (500, "derived")
    # A policy edge acts at the next review, new deals likewise; ?fresh=1 sees both now, and freezes nothing.
    workspace.pin(TODAY, edges=[100, 700])
    deals(client, [{"stage": "lost", "amount": 800, "closed_on": TODAY}])
    assert sweet_spot(client)["bands"] == shown["bands"]
    fresh = sweet_spot(client, fresh=1)
    assert [(band["from"], band["to"], band["deals"]) for band in fresh["bands"]] == [(100, 700, 29), (700, None, 31)]
    assert fresh["fresh"] is True and fresh["floor"] == 700
    assert sweet_spot(client)["bands"] == shown["bands"]
    # A floor of the policy acts at once; one a year lets the derived one rest.
    workspace.pin(TODAY, floor_deal=250.5)
    assert [sweet_spot(client)[name] for name in ("floor", "floor_source", "derived_floor")] == [Decimal("250.5"), "policy", 500]
    workspace.pin(TODAY, floor_deal=None, floor_annual=9000)
    assert [sweet_spot(client)[name] for name in ("floor", "floor_source", "derived_floor")] == [None, None, 500]


def test_simulated_edges_throw_back_whom_the_next_review_does(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[500])
    ladder(client)
    client.import_all("prospects", [{"id": name, "name": name} for name in ("tiny", "small", "large")])
    client.import_all("deals", [{"id": f"open {name}", "organisation": name, "amount": amount, "stage": "open"}
                                for name, amount in (("tiny", 499.99), ("small", 500), ("large", 700))])
    workspace.review()

    def verdicts() -> dict[str, str]:
        return {each["id"]: each["qualification"]["verdict"] for each in client.pages("/v1/prospects")}

    assert verdicts() == {"tiny": "throw_back", "small": "unknown", "large": "unknown"}
    simulated = client.expect(200, "POST", "/v1/simulations", {"policy": {"edges": [700]}})
    assert {(each["from"], each["to"]): each["count"] for each in simulated["verdicts"]} == {
        ("throw_back", "throw_back"): 1, ("unknown", "throw_back"): 1, ("unknown", "unknown"): 1}
    workspace.pin(TODAY, edges=[700])
    assert verdicts()["small"] == "unknown"
    assert workspace.review()["verdicts"] == {"not_ours": 0, "throw_back": 2, "unknown": 1, "later": 0, "now": 0}
    assert verdicts() == {"tiny": "throw_back", "small": "throw_back", "large": "unknown"}


def test_larger_deals_take_rate_and_effort_of_the_band_they_land_in(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[500])
    ladder(client)
    workspace.review()
    ada, bob = sweet_spot(client, deal_size_pct=900)["what_if"]["sellers"]
    assert (ada["seller"], ada["average_won"], ada["won_amount"], ada["effort"]) == ("ada", 100, 1500, 50)
    assert ada["naive"] == {"average_won": 1000, "won_amount": 15000}
    # Won as often, and in the time that two small ones take five large ones are pursued.
    assert ada["re_read"] == {"from": 500, "to": None, "verdict": "sweet_spot", "win_rate_shrunk": Decimal("0.5"), "effort": 20,
                              "won_amount": 37500}
    assert bob["naive"]["won_amount"] == bob["re_read"]["won_amount"] == 150000
    assert client.get(PATH, deal_size_pct=0).status == 422
    assert client.get(PATH, deal_size_pct=1001).status == 422


def test_hidden_and_erased_sellers_are_not_named(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[500])
    ladder(client)
    workspace.review()
    assert client.delete("/v1/sellers/ada").status == 204
    for query in ({}, {"fresh": 1}):
        assert [each["seller"] for each in sweet_spot(client, deal_size_pct=25, **query)["what_if"]["sellers"]] == ["bob"]
    assert client.post("/v1/sellers/bob:erase").status == 204
    assert sweet_spot(client, deal_size_pct=25)["what_if"]["sellers"] == []
    assert workspace.value("SELECT count(*) FROM review_seller WHERE workspace_id = %s AND seller = 'bob'") == 0
    assert [band["deals"] for band in sweet_spot(client)["bands"]] == [30, 30]


def test_roll_up_is_shown_with_its_hours(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[50])
    rolled_up(client, quota=46001)
    workspace.review()
    shown = sweet_spot(client)
    assert shown["basis"] == "hours"
    assert shown["selling"] == {"hours": 1840, "quota": 46001}
    # 1 ÷ 0.5 hours to win a small one and 20 a year to serve who bought it; 2 ÷ 0.5 and 40 for a large one.
    assert [(band["effort"], band["year_of_such_deals"]) for band in shown["bands"]] == [
        (1, Decimal("836.36")), (2, Decimal("4181.82"))]
    assert shown["quota_infeasible"] is True and shown["floor"] is None
    assert shown["reason"] == "no size of deal makes the quotas in the hours there are: no floor would help"
    assert {band["because"] for band in shown["bands"]} == {None}
    client.patch("/v1/sellers/s", {"quota": 4000})
    shown = sweet_spot(client, fresh=1)
    assert (shown["quota_infeasible"], shown["floor"], shown["reason"]) == (False, 50, None)
    client.patch("/v1/sellers/s", {"quota": 800})
    assert sweet_spot(client, fresh=1)["reason"] == "no band below the sweet spot is too small, from the lowest one up"


def test_hours_taken_from_new_business_are_judged_as_the_next_review_will(client: Client, workspace: Workspace) -> None:
    """account_management_pct acts by way of the bands that a review freezes: the guard of a lean pipeline looks at those, too."""
    everybody = {"id": "name", "dimension": "market", "attribute": "name", "op": "exists", "weight": 1}
    workspace.pin(TODAY, edges=[50], criteria=[everybody])
    rolled_up(client, quota=4000)
    client.store("prospects", "p", {"name": "P", "expected_annual": 80})
    workspace.review()
    assert sweet_spot(client)["floor"] == 50 and proof(client, "p")[0] == "throw_back"
    assert client.expect(200, "GET", "/v1/pipeline")["lean"] is True
    fewer_hours = {"account_management_pct": 62}  # not even the large ones make the number: no floor
    said = client.expect(200, "POST", "/v1/simulations", {"policy": fewer_hours})
    assert (said["at_once"], said["at_next_review"]) == ([], ["account_management_pct"])
    let_in = [{"prospect": "p", "name": "P", "seller": None, "from": "throw_back", "to": "now"}]
    assert said["let_in"]["data"] == let_in
    answer = client.patch("/v1/policy", fewer_hours)
    assert answer.status == 409 and answer.json["errors"][0]["let_in"]["data"] == let_in
    client.expect(200, "PATCH", "/v1/policy", {**fewer_hours, "acknowledge": "accounts first"})
    workspace.wait_settled()
    assert proof(client, "p")[0] == "throw_back"
    workspace.review()
    assert proof(client, "p") == ("now", None)


def rolled_up(client: Client, quota: int) -> None:
    """Half of each size won, at an hour and at two: a year has 100 × 46 × 40 % hours."""
    client.import_all("sellers", [{"id": "s", "name": "S", "weekly_hours": 100, "quota": quota}])
    client.import_all("accounts", [{"id": name, "name": name} for name in ("small", "large")])
    rows = [{"stage": ("won", "lost")[number % 2], "amount": amount, "opened_on": day, "closed_on": day, "organisation": organisation}
            for organisation, amount in (("small", 10), ("large", 100)) for number, day in enumerate(days(20))]
    deals(client, rows)
    client.import_all("activities", [{"id": f"{organisation}{day}", "organisation": organisation, "minutes": minutes, "at": f"{day}T10:00:00Z"}
                                     for organisation, minutes in (("small", 60), ("large", 120)) for day in days(20)])


def test_one_deal_is_proved_by_its_bands_figures(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[50], hour_cost=45.5)
    rolled_up(client, quota=46001)
    workspace.review()
    # Half are won. 46001 ÷ 8 deals, twice as many pursuits; 22 hours each until one is won and served, and 1840 hours a year.
    assert sweet_spot(client, amount="8")["deal"] == {
        "amount": 8, "band": {"from": None, "to": 50, "verdict": "too_small"}, "worth": 4, "basis": "hours", "effort": 1, "effort_until_won": 22,
        "cost": Decimal("45.5"), "needed": {"deals": 5751, "pursuits": 11501, "hours": Decimal("126502.75"), "hours_there": 1840,
                                            "year_of_such_deals": Decimal("669.09")}, "because": None}
    client.patch("/v1/sellers/s", {"quota": None})
    unknown = sweet_spot(client, amount="8", fresh=1)["deal"]
    assert (unknown["needed"], unknown["because"]) == (None, "weekly_hours and quota are not known of every active seller")
    workspace.pin(TODAY, edges=[5, 7], hour_cost=0)
    assert sweet_spot(client, amount="6", fresh=1)["deal"] == {"amount": 6, **dict.fromkeys(
        ("band", "worth", "basis", "effort", "effort_until_won", "cost", "needed")), "because": NO_SUCH_SIZE}
    for wrong in ("0", "-5", "8.001", "eight", "1e3"):
        assert client.get(PATH, amount=wrong).pointers() == ["?amount"], wrong


@pytest.mark.parametrize("row, because", [({"stage": "lost", "opened_on": "2026-01-01"}, "none of the deals was ever won"),
                                          ({"stage": "won", "opened_on": "2026-01-01"}, "nobody records minutes: hours are not known")])
def test_what_of_a_deal_cannot_be_told_has_its_reason(client: Client, workspace: Workspace, row: dict[str, Any], because: str) -> None:
    workspace.pin(TODAY)
    client.store("sellers", "s", {"name": "S", "weekly_hours": 40, "quota": 1000})
    deals(client, [{**row, "amount": 500, "closed_on": "2026-01-31"} for _ in range(10)])
    shown = sweet_spot(client, amount=500, fresh=1)["deal"]
    assert (shown["needed"]["hours"], shown["because"]) == (None, because)


def test_hours_without_any_pursuit_of_such_deals_are_not_told(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[50])
    rolled_up(client, quota=4000)
    client.import_all("deals", [{"id": f"d{number}", "opened_on": None} for number in range(20)])
    shown = sweet_spot(client, amount=10, fresh=1)["deal"]
    assert shown["basis"] == "hours" and shown["because"] == "nothing says what a pursuit of such deals took"


def test_explanation_of_whom_its_size_throws_back_has_the_proof(client: Client, workspace: Workspace) -> None:
    ours = {"id": "team", "dimension": "enterprise", "attribute": "employees", "op": "gte", "value": 5, "weight": 1, "required": True}
    workspace.pin(TODAY, edges=[50], hour_cost=45.5, floor_deal=50, criteria=[ours])
    client.store("prospects", "p_early", {"name": "Early", "expected_annual": 80})
    assert proof(client, "p_early") == ("unjudged", None)
    rolled_up(client, quota=46001)
    for id_, fields in {"small": {"expected_annual": 80}, "not_ours": {"expected_annual": 80, "employees": 4}, "large": {"expected_annual": 5000},
                        "none": {"expected_annual": 0}, "estimated": {}}.items():
        client.store("prospects", f"p_{id_}", {"name": id_, "employees": 5, **fields})
    workspace.review()
    # Clients win ten deals a year, so eight are to be expected; the figures are those of the deal of eight above.
    needed = {"deals": 5751, "pursuits": 11501, "hours": Decimal("126502.75"), "hours_there": 1840, "year_of_such_deals": Decimal("669.09")}
    shown = {"amount": 8, "band": {"from": None, "to": 50, "verdict": "too_small"}, "worth": 4, "basis": "hours", "effort": 1,
             "effort_until_won": 22, "cost": Decimal("45.5"), "needed": needed, "because": None}
    assert proof(client, "p_small") == ("throw_back", shown)
    assert shown == sweet_spot(client, amount="8")["deal"]
    assert proof(client, "p_not_ours") == ("not_ours", shown)
    assert proof(client, "p_large") == ("now", None)
    assert proof(client, "p_none") == ("throw_back", None)
    assert proof(client, "p_estimated") == ("unknown", None)


def test_proof_is_of_the_review_in_force_and_null_where_it_saw_no_sizes(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY, edges=[50], floor_deal=50)
    rolled_up(client, quota=46001)
    client.store("prospects", "p", {"name": "P", "expected_annual": 80})
    workspace.review()
    shown = proof(client, "p")
    assert shown[1]["cost"] is None
    client.patch("/v1/sellers/s", {"quota": None})
    assert proof(client, "p") == shown
    workspace.pin(TODAY, edges=[5, 9], floor_deal=50)
    workspace.review()
    assert proof(client, "p") == ("throw_back", {"amount": 8, **dict.fromkeys(
        ("band", "worth", "basis", "effort", "effort_until_won", "cost", "needed")), "because": NO_SUCH_SIZE})
    workspace.sql("UPDATE review SET effort_basis = NULL WHERE workspace_id = %s")
    assert proof(client, "p") == ("throw_back", None)


def proof(client: Client, id_: str) -> tuple[str, Any]:
    shown = client.expect(200, "GET", f"/v1/prospects/{id_}/explanation")
    return shown["qualification"]["verdict"] or "unjudged", shown["proof"]


def days(count: int) -> list[str]:
    return [f"2026-01-{number + 1:02d}" for number in range(count)]


def test_review_made_before_sizes_were_looked_at_says_so(client: Client, workspace: Workspace) -> None:
    workspace.pin(TODAY)
    ladder(client)
    workspace.review()
    workspace.sql("UPDATE review SET effort_basis = NULL WHERE workspace_id = %s")
    shown = sweet_spot(client)
    assert shown["review"] == 1 and shown["bands"] == [] and shown["basis"] is None
    assert "made before reviews looked at sizes" in shown["reason"]
