# SPDX-License-Identifier: Apache-2.0
"""Lists: every documented filter and sort, paged by key while others write, and streamed whole as CSV and NDJSON."""
from __future__ import annotations

import csv
import io
import json
import threading
from collections import Counter
from decimal import Decimal
from typing import Any, Callable

import pytest

from .client import Client
from .samples import small_book
from .server import Server, Workspace

CLIENTS = 40
SORTS = ("id", "name", "revenue_12m", "-revenue_12m", "potential", "-potential", "engagement", "-engagement")
FILTERS: dict[str, str] = {"tier": "growth", "list": "secondary", "seller": "s-1", "status": "active", "industry": "STEEL ", "region": "nord",
                           "q": "account 0", "could_become_key": "true"}


@pytest.fixture(scope="module")
def book(server: Server) -> Workspace:
    workspace = Workspace(server)
    small_book(workspace, CLIENTS)
    workspace.client.import_all("accounts", [{"id": "gone", "status": "inactive", "industry": "Steel"},
                                             {"id": "=1+1", "name": "=cmd|' /C calc'!A0", "industry": "@steel", "attributes": {"x": "-5"}},
                                             {"id": "+49", "name": "+49 30"}, {"id": "minus", "name": "-x"}, {"id": "quote", "name": 'a "b", c; d'}])
    workspace.client.import_all("accounts", [{"id": f"a{number:02d}", "annual_potential": 70000 + number} for number in range(0, CLIENTS, 3)])
    workspace.client.import_all("prospects", [{"id": f"p{number}", "name": f"P {number}"} for number in range(7)])
    workspace.review()
    return workspace


@pytest.fixture
def reader(book: Workspace) -> Client:
    return book.client


def value_of(item: dict[str, Any], name: str) -> Any:
    return item["measures"][name] if name == "revenue_12m" else item["classification"][name] if name in ("potential", "engagement") else item[name]


def passes(item: dict[str, Any], name: str, value: str) -> bool:
    if name in ("tier", "list"):
        return item["classification"][name] == value
    if name == "could_become_key":
        return item["classification"][name] is True
    if name in ("industry", "region"):
        return (item[name] or "").strip().casefold() == value.strip().casefold()
    return item["name"].casefold().startswith(value) if name == "q" else item[name] == value


def verify_order(items: list[dict[str, Any]], sort: str) -> None:
    name = sort.lstrip("-")
    values = [value_of(item, name) for item in items]
    known = [value.casefold() if isinstance(value, str) and name == "name" else value for value in values if value is not None]
    assert known == sorted(known, reverse=sort.startswith("-")) if name != "id" else known == sorted(known, key=str.encode)
    assert values[len(known):] == [None] * (len(values) - len(known)), "those without a value come last"


@pytest.mark.parametrize("sort", SORTS)
def test_sort_orders_and_pages_completely(reader: Client, sort: str) -> None:
    items = list(reader.pages("/v1/accounts", sort=sort, limit=7))
    assert Counter(item["id"] for item in items) == Counter(item["id"] for item in reader.pages("/v1/accounts", limit=500))
    verify_order(items, sort)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("sort", [None, *SORTS])
def test_filter_with_every_sort_is_exact_or_422(reader: Client, name: str, sort: str | None) -> None:
    """The allowed pairs are a closed set; what is allowed must be right and complete, what is not is refused by name."""
    query = {name: FILTERS[name], "limit": 5, **({"sort": sort} if sort else {})}
    first = reader.get("/v1/accounts", **query)
    if first.status == 422:
        assert sort is not None, "every filter works alone"
        assert {error["parameter"] for error in first.json["errors"]} <= {name, "sort"}
        return
    found = list(reader.pages("/v1/accounts", **query))
    wanted = [item for item in reader.pages("/v1/accounts", limit=500) if passes(item, name, FILTERS[name])]
    assert wanted and Counter(item["id"] for item in found) == Counter(item["id"] for item in wanted)
    if sort:
        verify_order(found, sort)


def test_filters_of_the_contracts_example_work_together(reader: Client) -> None:
    found = list(reader.pages("/v1/accounts", tier="growth", list="secondary", seller="s-1", sort="-potential", limit=2))
    wanted = [item for item in reader.pages("/v1/accounts", limit=500)
              if item["classification"]["tier"] == "growth" and item["classification"]["list"] == "secondary" and item["seller"] == "s-1"]
    assert Counter(item["id"] for item in found) == Counter(item["id"] for item in wanted)
    verify_order(found, "-potential")


def test_count_and_fields(reader: Client) -> None:
    page = reader.expect(200, "GET", "/v1/accounts", query={"count": 1, "limit": 3, "fields": "name,measures"})
    assert page["total"] == len(list(reader.pages("/v1/accounts", limit=500)))
    assert all(set(item) == {"id", "name", "measures"} for item in page["data"])
    assert reader.get("/v1/accounts", fields="colour").status == 422


def test_items_equal_what_get_answers(reader: Client) -> None:
    for kind in ("accounts", "prospects", "sellers", "revenue", "activities"):
        for item in list(reader.pages(f"/v1/{kind}", limit=3))[:5]:
            shown = reader.record(kind, item["id"])
            assert {**shown, **item} == shown, item["id"]


@pytest.mark.parametrize("kind, name, value", [("revenue", "organisation", "a01"), ("activities", "organisation", "a02")])
def test_facts_are_listed_by_organisation(reader: Client, kind: str, name: str, value: str) -> None:
    items = list(reader.pages(f"/v1/{kind}", **{name: value}, limit=1))
    assert items and {item[name] for item in items} == {value}


def test_hidden_ones_are_not_listed(new_workspace: Callable[..., Workspace]) -> None:
    client = new_workspace().client
    for id_ in "abc":
        client.store("accounts", id_, {"name": id_})
    client.delete("/v1/accounts/b")
    assert [item["id"] for item in client.pages("/v1/accounts")] == ["a", "c"]


def test_cursor_of_another_query_or_workspace_is_refused_or_harmless(reader: Client, new_workspace: Callable[..., Workspace]) -> None:
    cursor = reader.expect(200, "GET", "/v1/accounts", query={"limit": 3, "sort": "name"})["next_cursor"]
    assert reader.get("/v1/accounts", cursor=cursor, sort="-potential").status == 422
    assert reader.get("/v1/accounts", cursor=cursor[:-2] + "zz", sort="name").status in (200, 422)
    other = new_workspace().client.get("/v1/accounts", cursor=cursor, sort="name")
    assert other.status == 422 or other.json["data"] == []


@pytest.mark.threads
@pytest.mark.parametrize("sort", ["id", "-revenue_12m"])
def test_paging_under_concurrent_writes_misses_and_repeats_nothing_that_stood_still(new_workspace: Callable[..., Workspace], sort: str) -> None:
    workspace = new_workspace()
    small_book(workspace, 200)
    still = {f"a{number:02d}" for number in range(200) if number % 2 == 0}
    stop = threading.Event()

    def write(client: Client) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            client.store("revenue", f"more {number % 50}", {"organisation": f"a{number % 100 * 2 + 1:02d}", "amount": number, "on": "2026-02-01"})
            client.store("accounts", f"new {number:05d}", {"name": "new"})
            client.delete(f"/v1/accounts/new%20{number - 3:05d}")

    threads = [threading.Thread(target=write, args=(workspace.client.twin(),))]
    threads[0].start()
    try:
        for _ in range(8):
            seen = Counter(item["id"] for item in workspace.client.pages("/v1/accounts", sort=sort, limit=9))
            assert {id_: seen[id_] for id_ in still} == dict.fromkeys(still, 1)
            if sort == "id":
                assert max(seen.values()) == 1
    finally:
        stop.set()
        threads[0].join(30)


def test_ndjson_streams_the_whole_list(reader: Client) -> None:
    answer = reader.get("/v1/accounts", {"Accept": "application/x-ndjson"})
    assert answer.status == 200 and answer.headers["content-type"].startswith("application/x-ndjson")
    items = [json.loads(line, parse_float=Decimal) for line in answer.body.splitlines()]
    assert items == list(reader.pages("/v1/accounts", limit=500))


def test_csv_streams_the_whole_list_with_dangerous_cells_neutralised(reader: Client) -> None:
    answer = reader.get("/v1/accounts", {"Accept": "text/csv"})
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
    pages = {item["id"]: item for item in reader.pages("/v1/accounts", limit=500)}
    assert len(rows) == len(pages)
    by_name = {row["name"] for row in rows}
    assert {"'=cmd|' /C calc'!A0", "'+49 30", "'-x", 'a "b", c; d'} <= by_name
    for row in rows:
        assert not any(cell and cell[0] in "=@\t\r" for cell in row.values()), row
        assert not any(cell and cell[0] in "+-" and not cell[1:].replace(".", "").isdigit() for cell in row.values()), row
    assert {row["id"].removeprefix("'") for row in rows} == set(pages)


def test_stream_honours_filters(reader: Client) -> None:
    answer = reader.get("/v1/accounts?seller=s-1", {"Accept": "application/x-ndjson"})
    assert {json.loads(line)["seller"] for line in answer.body.splitlines()} == {"s-1"}


def test_large_stream_is_complete_while_read_slowly(new_workspace: Callable[..., Workspace]) -> None:
    workspace = new_workspace()
    workspace.client.import_all("accounts", [{"id": f"a{number:05d}", "industry": "x" * 100} for number in range(6000)])
    answer = workspace.client.twin().get("/v1/accounts", {"Accept": "application/x-ndjson"})
    ids = [json.loads(line)["id"] for line in answer.body.splitlines()]
    assert ids == [f"a{number:05d}" for number in range(6000)]


def test_summary_adds_up(reader: Client) -> None:
    summary = reader.expect(200, "GET", "/v1/summary")
    items = list(reader.pages("/v1/accounts", limit=500))
    tiers = Counter(item["classification"]["tier"] for item in items if item["classification"]["tier"])
    assert {name: entry["count"] for name, entry in summary["tiers"].items() if entry["count"]} == tiers
    lists = Counter(item["classification"]["list"] for item in items)
    assert {name: summary["lists"][name]["count"] for name in ("key", "secondary", "lka")} == {name: lists[name] for name in ("key", "secondary", "lka")}
    assert sum(entry["revenue_12m"] for entry in summary["lists"].values()) == sum(item["measures"]["revenue_12m"] for item in items)
