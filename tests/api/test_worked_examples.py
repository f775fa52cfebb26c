# SPDX-License-Identifier: Apache-2.0
"""Both worked examples of domain.md §13 through the public API: files imported as they are where that is possible."""
from __future__ import annotations

from decimal import Decimal
from typing import Any, Callable

import pytest
from oracle import rules, worked_examples
from oracle.book import Book

from .client import Client
from .expectation import Differences, compare_all, compare_let_go, compare_lists, compare_review
from .server import Workspace
from .sizes import compare_sizes, compare_what_if

ACCOUNT_COLUMNS = {"map": "account:id,account:name,sector:industry", "extra": "ignore"}
PIPELINE_COLUMNS = {"map": "opportunity_id:id,sales_agent:seller,product:line,account:organisation,deal_stage:stage,"
                           "engage_date:opened_on,close_date:closed_on,close_value:amount",
                    "values": "stage.Engaging:open,stage.Prospecting:open,line.GTXPro:GTX Pro"}
CUSTOMER_COLUMNS = {"map": "customerID:id,companyName:name", "extra": "attributes", "values": "region.NULL:"}


class Example:
    """A public book in a workspace of its own, with its oracle."""

    def __init__(self, workspace: Workspace, shelf: dict[str, Any]) -> None:
        self.workspace = workspace
        self.client: Client = workspace.client
        self.shelf = shelf
        self.book = Book.load(shelf)
        self.review = rules.review(self.book)
        self.shown_review: dict[str, Any] = {}

    def finish(self) -> None:
        self.shown_review = self.workspace.review()


def file_of(book: str, name: str) -> bytes:
    return (worked_examples.data_folder() / book / f"{name}.csv").read_bytes()


def shelf_of(load: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return load()
    except worked_examples.DataAbsent as absence:
        pytest.skip(f"NOT CHECKED, public data missing: {absence}")


def import_file(client: Client, kind: str, content: bytes, rows: int, **columns: str) -> None:
    answer = client.import_csv(kind, content, **columns)
    assert answer.status == 200, str(answer)
    assert (answer.json["received"], answer.json["rejected"]) == (rows, 0), answer.json["errors"][:3]


@pytest.fixture(scope="module")
def crm(server) -> Example:
    """accounts.csv and sales_pipeline.csv as they are; then what the file lacks: an open deal's amount is the product's price."""
    example = Example(Workspace(server, currency="USD"), shelf_of(worked_examples.crm_sales))
    example.workspace.pin("2017-12-31")
    records = example.shelf["records"]
    import_file(example.client, "accounts", file_of("crm-sales", "accounts"), 85, **ACCOUNT_COLUMNS)
    import_file(example.client, "deals", file_of("crm-sales", "sales_pipeline"), 8800, **PIPELINE_COLUMNS)
    prices = [{"id": deal["id"], "amount": deal["amount"]} for deal in records["deals"] if deal["stage"] != "won"]
    assert example.client.import_all("deals", prices)["updated"] == len(prices)
    example.client.import_all("sellers", records["sellers"])
    example.finish()
    return example


@pytest.fixture(scope="module")
def northwind(server) -> Example:
    """customers.csv as it is, all as prospects: those that ordered become accounts by their first revenue."""
    example = Example(Workspace(server, currency="USD"), shelf_of(worked_examples.northwind))
    example.client.expect(200, "PUT", "/v1/policy", {"today": "1998-05-06"})
    example.workspace.wait_settled()
    import_file(example.client, "prospects", file_of("northwind", "customers"), 91, **CUSTOMER_COLUMNS)
    example.client.import_all("revenue", example.shelf["records"]["revenue"])
    example.finish()
    return example


@pytest.fixture(params=["crm", "northwind"])
def example(request: pytest.FixtureRequest) -> Example:
    return request.getfixturevalue(request.param)


def test_review_figures_equal_the_oracle(example: Example) -> None:
    diff = Differences()
    compare_review(diff, example.shown_review, example.review, example.book)
    diff.verify(10)


def test_every_account_and_the_let_go_list_equal_the_oracle(example: Example) -> None:
    diff = compare_all(example.workspace, example.book, example.review)
    compare_lists(diff, example.client, rules.score(example.book, example.review), example.book)
    diff.verify(85 * 40)


def test_crm_figures_as_the_domain_states_them(crm: Example) -> None:
    shown = crm.shown_review
    assert (shown["clients"], shown["key_cutoff"], shown["lines_offered"]) == (85, 140183, 7)
    assert shown["cuts"] == {"engagement": Decimal("75.3"), "potential": Decimal("16.52")}
    assert shown["tiers"] == {"key": 13, "growth": 30, "maintenance": 30, "service": 12}
    list_ = crm.client.expect(200, "GET", "/v1/let-go")
    assert list_["budget"] == 8
    assert [(entry["account"], entry["keep_score"]) for entry in list_["data"][:5]] == [
        ("Iselectrics", Decimal("36.14")), ("Betasoloin", Decimal("44.17")), ("Acme Corporation", Decimal("46.73")),
        ("Sonron", Decimal("48.38")), ("Ontomedia", Decimal("50.37"))]


def test_crm_golddex_explained_in_every_part(crm: Example) -> None:
    golddex = crm.client.record("accounts", "Golddex")
    assert golddex["classification"]["tier"] == "growth"
    assert golddex["classification"]["engagement"] == Decimal("59.01")
    assert golddex["classification"]["potential"] == Decimal("29.17")
    assert golddex["measures"]["annual_potential"] == 142711
    assert golddex["measures"]["annual_potential_source"] == "estimate"
    explained = crm.client.expect(200, "GET", "/v1/accounts/Golddex/explanation")
    points = {name: {part["name"]: part["points"] for part in explained[name]["components"]} for name in ("engagement", "potential")}
    assert points == {"engagement": {"orders": Decimal("30.44"), "breadth": Decimal("28.57")},
                      "potential": {"headroom": Decimal("18.12"), "white_space": Decimal("2.68"), "momentum": Decimal("8.37")}}


def test_sweet_spot_equals_the_oracle(example: Example) -> None:
    diff = Differences()
    for query in ({}, {"fresh": 1}):
        shown = example.client.expect(200, "GET", "/v1/sweet-spot", query={"deal_size_pct": 25, **query})
        compare_sizes(diff, shown, example.review.size_bands, example.book)
        compare_what_if(diff, shown, example.book, 25)
    diff.verify(10)


def test_crm_bands_as_the_domain_states_them(crm: Example) -> None:
    shown = crm.client.expect(200, "GET", "/v1/sweet-spot")
    assert [(band["from"], band["to"]) for band in shown["bands"]] == [(None, 483), (483, 885), (885, 3363), (3363, 4821), (4821, None)]
    assert [(band["deals"], band["won"]) for band in shown["bands"]] == [(1341, 911), (1343, 822), (1341, 943), (1188, 758), (1498, 804)]
    assert [str(band["value_index"]) for band in shown["bands"]] == ["0.0478", "0.2252", "0.7984", "1.8179", "2.2243"]
    assert round(shown["bands"][0]["win_rate_low"], 6) == Decimal("0.653882")
    assert round(shown["bands"][0]["win_rate_high"], 6) == Decimal("0.703781")
    assert shown["sweet_spot"] == {"from": 3363, "to": None}
    assert (shown["basis"], shown["floor"], shown["floor_source"]) == ("days", 885, "derived")


def test_northwind_has_no_deals_to_band(northwind: Example) -> None:
    shown = northwind.client.expect(200, "GET", "/v1/sweet-spot")
    assert (shown["bands"], shown["sweet_spot"], shown["floor"]) == ([], None, None)
    assert shown["reason"] == "no deal with an amount was won or lost in the window"


def test_northwind_figures_as_the_domain_states_them(northwind: Example) -> None:
    shown = northwind.shown_review
    assert (shown["clients"], shown["key_cutoff"], shown["lines_offered"]) == (88, Decimal("11672.6"), 8)
    assert shown["cuts"] == {"engagement": Decimal("58.21"), "potential": Decimal("30.65")}
    assert shown["tiers"] == {"key": 12, "growth": 32, "maintenance": 32, "service": 13}
    list_ = northwind.client.expect(200, "GET", "/v1/let-go")
    assert list_["budget"] == 8
    assert [(entry["account"], entry["keep_score"]) for entry in list_["data"][:5]] == [
        ("LAZYK", Decimal("8.65")), ("HUNGC", Decimal("16.14")), ("FAMIA", Decimal("17.63")), ("TRAIH", Decimal("19.15")),
        ("FURIB", Decimal("22.21"))]


def test_northwind_keeps_prospects_that_never_ordered_and_foreign_columns(northwind: Example) -> None:
    prospects = list(northwind.client.pages("/v1/prospects"))
    assert sorted(each["id"] for each in prospects) == ["FISSA", "PARIS"]
    alfreds = northwind.client.record("accounts", "ALFKI")
    assert alfreds["attributes"]["contactTitle"] == "Sales Representative"
    assert alfreds["country"] == "Germany"


def test_same_policy_and_review_again_change_nothing(crm: Example) -> None:
    again = crm.workspace.review()
    assert again["changed"] == 0
    diff = Differences()
    compare_review(diff, again, crm.review, crm.book)
    compare_let_go(diff, crm.client, rules.let_go(crm.book, crm.review), crm.book)
    diff.verify()
