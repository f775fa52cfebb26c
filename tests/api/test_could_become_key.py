# SPDX-License-Identifier: Apache-2.0
"""Which secondaries could become key: frozen with a review, of the present in the list of accounts."""
from __future__ import annotations

import csv
import io
from typing import Any, Callable

import pytest

from .client import Client
from .server import Database, Server, Workspace, wait_for

TODAY = "2026-03-01"
LIST = {"could_become_key": "true", "sort": "-potential"}
# Eight clients without industry: k = 2, so that b, with 700, is the last on key; their cohort's 75th percentile, 600, is below.
REVENUE = dict(a=800, b=700, c=600, d=500, e=400, f=300, g=200, h=100)


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    fill(workspace)
    return workspace


def fill(workspace: Workspace) -> None:
    workspace.pin(TODAY)
    workspace.client.import_all("accounts", [{"id": id_, "name": id_.upper()} for id_ in REVENUE])
    workspace.client.import_all("revenue", [{"id": id_, "organisation": id_, "amount": amount, "on": "2026-02-01"} for id_, amount in REVENUE.items()])


def state(workspace: Workspace, id_: str, potential: float | None) -> None:
    workspace.client.expect(200, "PATCH", f"/v1/accounts/{id_}", {"annual_potential": potential})


def listed(client: Client, **query: Any) -> list[str]:
    return [each["id"] for each in client.pages("/v1/accounts", **{**LIST, **query})]


def could(client: Client, id_: str) -> bool | None:
    return client.record("accounts", id_)["classification"]["could_become_key"]


def test_review_says_how_many_what_they_bring_and_who(book: Workspace) -> None:
    for id_, potential in (("c", 700), ("d", 699.99), ("h", 1000), ("a", 5000), ("b", 5000)):
        state(book, id_, potential)
    review = book.review()
    assert review["key_cutoff"] == 700
    found = review["could_become_key"]
    assert {name: found[name] for name in ("count", "revenue_12m", "headroom")} == {"count": 2, "revenue_12m": 700, "headroom": 100 + 900}
    assert float(found["revenue_share"]) == round(700 / 3600, 4)
    assert [(each["account"], each["name"], each["revenue_12m"], each["annual_potential"], each["annual_potential_source"])
            for each in found["first"]] == [("h", "H", 100, 1000, "stated"), ("c", "C", 600, 700, "stated")]
    for each in found["first"]:
        assert each["potential"] == book.client.record("accounts", each["account"])["classification"]["potential"]
    assert listed(book.client) == ["h", "c"]
    for answer in (book.client.expect(200, "GET", f"/v1/reviews/{review['review']}"), book.client.expect(200, "GET", "/v1/reviews/current"),
                   book.client.expect(200, "GET", "/v1/reviews")["data"][0], book.client.expect(200, "GET", "/v1/reviews/preview")):
        assert answer["could_become_key"] == found


def test_estimate_from_better_look_alikes_counts(workspace: Workspace) -> None:
    """Five in steel, of whom three are on key: the two others could get there, whoever has no industry could not."""
    workspace.pin(TODAY)
    revenue = {**{f"steel{n}": amount for n, amount in enumerate((1000, 900, 800, 50, 40))}, **{f"plain{n}": 10 + n for n in range(7)}}
    workspace.client.import_all("accounts", [{"id": id_, "industry": "Steel" if id_.startswith("steel") else None} for id_ in revenue])
    workspace.client.import_all("revenue", [{"id": id_, "organisation": id_, "amount": amount, "on": "2026-02-01"} for id_, amount in revenue.items()])
    found = workspace.review()["could_become_key"]
    assert {(each["account"], each["annual_potential"], each["annual_potential_source"]) for each in found["first"]} == {
        ("steel3", 900, "estimate"), ("steel4", 900, "estimate")}
    workspace.client.expect(200, "PATCH", "/v1/accounts/steel4", {"annual_potential": 100})
    assert listed(workspace.client) == ["steel3"]


def test_list_follows_every_write_while_the_review_stays(book: Workspace) -> None:
    client = book.client
    assert could(client, "c") is None and listed(client) == []
    state(book, "c", 700)
    frozen = book.review()
    assert frozen["could_become_key"]["count"] == 1
    state(book, "d", 5000)
    assert (could(client, "d"), listed(client)) == (True, ["d", "c"])
    state(book, "c", 699.99)
    assert (could(client, "c"), listed(client)) == (False, ["d"])
    client.store("revenue", "more", {"organisation": "d", "amount": 200, "on": "2026-02-02"})
    assert client.record("accounts", "d")["classification"]["list"] == "key" and could(client, "d") is False
    assert listed(client) == []
    now = client.expect(200, "GET", f"/v1/reviews/{frozen['review']}")
    assert now["could_become_key"] == frozen["could_become_key"]
    # d is now level with b, so that three quarters of the clients bring up to 700, the new cut-off: whoever has stated nothing is estimated to reach it.
    found = client.expect(200, "GET", "/v1/reviews/preview")["could_become_key"]
    assert {each["account"] for each in found["first"]} == set("efgh") and book.review()["could_become_key"] == found


def test_list_follows_where_no_score_moves(book: Workspace) -> None:
    """Headroom may have no weight at all."""
    book.pin(TODAY, potential={"headroom": 0})
    state(book, "c", 100)
    book.review()
    before = book.client.record("accounts", "c")["classification"]
    state(book, "c", 5000)
    assert book.client.record("accounts", "c")["classification"] == {**before, "could_become_key": True}
    assert listed(book.client) == ["c"]
    state(book, "c", 100)
    assert listed(book.client) == []


def test_stated_potential_that_lapses_ends_it_in_the_night(book: Workspace) -> None:
    client = book.client
    client.expect(200, "PATCH", "/v1/accounts/c", {"annual_potential": 5000, "annual_potential_on": "2026-01-01"})
    book.review()
    assert listed(client) == ["c"]
    book.pin("2026-12-31")
    assert listed(client) == ["c"]
    book.pin("2027-01-01")
    assert listed(client) == []


def test_hidden_and_erased_are_counted_and_not_named_renamed_by_the_new_name(book: Workspace) -> None:
    client = book.client
    for id_ in "cdef":
        state(book, id_, 900)
    number = book.review()["review"]
    shown = lambda: client.expect(200, "GET", f"/v1/reviews/{number}")["could_become_key"]
    assert [each["account"] for each in shown()["first"]] == ["f", "e", "d", "c"]
    client.expect(200, "PATCH", "/v1/accounts/f", {"name": "New"})
    assert client.delete("/v1/accounts/e").status == 204
    assert client.post("/v1/accounts/d:erase").status == 204
    found = shown()
    assert (found["count"], [each["name"] for each in found["first"]]) == (4, ["New", "C"])
    assert listed(client) == ["f", "c"]
    client.store("accounts", "e", {"name": "Back"})
    assert [each["name"] for each in shown()["first"]] == ["New", "Back", "C"]
    assert book.sql("SELECT organisation FROM review_contender WHERE workspace_id = %s AND organisation = 'd'") == []


def test_first_twenty_of_many_are_the_head_of_the_list(workspace: Workspace) -> None:
    workspace.pin(TODAY)
    client = workspace.client
    client.import_all("accounts", [{"id": f"a{n:02d}", "annual_potential": 1000 + n % 7} for n in range(60)])
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n:02d}", "amount": n + 1, "on": "2026-02-01"} for n in range(60)])
    found = workspace.review()["could_become_key"]
    assert (found["count"], len(found["first"])) == (45, 20)
    assert [each["account"] for each in found["first"]] == listed(client, limit=7)[:20]
    assert client.expect(200, "GET", "/v1/accounts", query={**LIST, "count": 1})["total"] == 45
    csv_rows = list(csv.DictReader(io.StringIO(client.get("/v1/accounts", headers={"Accept": "text/csv"}, **LIST).body.decode())))
    assert [row["id"] for row in csv_rows] == listed(client) and {row["classification_could_become_key"] for row in csv_rows} == {"true"}


def test_only_true_is_a_filter_and_prospects_have_none(book: Workspace) -> None:
    for path in ("/v1/accounts?could_become_key=false", "/v1/accounts?could_become_key=yes", "/v1/prospects?could_become_key=true"):
        assert book.client.call("GET", path).status == 422, path


def test_review_made_before_reviews_looked_says_null(book: Workspace) -> None:
    number = book.review()["review"]
    book.sql("UPDATE review SET contenders = NULL, contender_revenue = NULL, contender_headroom = NULL WHERE workspace_id = %s")
    assert book.client.expect(200, "GET", f"/v1/reviews/{number}")["could_become_key"] is None


def test_review_without_clients_has_none(workspace: Workspace) -> None:
    found = workspace.review()["could_become_key"]
    assert found == {"count": 0, "revenue_12m": 0, "revenue_share": None, "headroom": 0, "first": []}


def test_provisional_review_says_it_too(own_database: Database, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, provisional_ms=300))
    fill(workspace)
    state(workspace, "h", 1000)
    reviews = lambda: workspace.client.expect(200, "GET", "/v1/reviews")["data"]
    found = wait_for(lambda: [each for each in reviews() if each["state"] == "done" and each["clients"] == 8], 20, "a provisional review")[0]
    assert found["provisional"] and [each["account"] for each in found["could_become_key"]["first"]] in (["h"], [])
    assert listed(workspace.client) == ["h"]


def test_books_of_before_are_gone_through_once(book: Workspace) -> None:
    """As an upgrade finds them: nobody is marked, and the workspace is to be judged."""
    state(book, "c", 5000)
    book.review()
    book.sql("UPDATE standing SET could_become_key = false WHERE workspace_id = %s")
    assert listed(book.client) == []
    book.sql("UPDATE workspace SET judged = false WHERE id = %s")
    wait_for(lambda: listed(book.client) == ["c"], 30, "the book being judged")
