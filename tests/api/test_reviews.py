# SPDX-License-Identifier: Apache-2.0
"""Reviews: provisional after quiet, posted by a person, frozen in between, and for readers at one instant."""
from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any, Callable

import pytest

from .client import Client
from .samples import reviewed_book, small_book
from .server import Database, Server, Workspace, wait_for

QUIET_MS = 400


@pytest.fixture
def quick(own_database: Database, new_server: Callable[..., Server]) -> Server:
    """A server alone on its database that needs little quiet for a provisional review."""
    return new_server(own_database, provisional_ms=QUIET_MS)


def reviews(client: Client) -> list[dict[str, Any]]:
    return list(client.pages("/v1/reviews"))


def test_before_any_review_everything_is_null(client: Client) -> None:
    client.store("revenue", "r", {"organisation": "a", "amount": 5, "on": "2026-02-01"})
    shown = client.record("accounts", "a")["classification"]
    assert {name: shown[name] for name in ("tier", "list", "engagement", "potential", "review")} == dict.fromkeys(
        ("tier", "list", "engagement", "potential", "review"))
    assert reviews(client) == []
    assert client.expect(200, "GET", "/v1/let-go")["data"] == []


@pytest.mark.threads
def test_provisional_review_comes_after_quiet_not_before(quick: Server) -> None:
    workspace = Workspace(quick)
    client = workspace.client
    stop_at = time.monotonic() + 4 * QUIET_MS / 1000
    number = 0
    while time.monotonic() < stop_at:  # never quiet
        number += 1
        client.store("revenue", f"r{number}", {"organisation": f"a{number % 7}", "amount": number, "on": "2026-02-01"})
        assert reviews(client) == []
    wait_for(lambda: reviews(client), 20, "a provisional review")
    review = reviews(client)[0]
    assert (review["provisional"], review["state"]) == (True, "done") or wait_for(lambda: reviews(client)[0]["state"] == "done", 10, "done")
    wait_for(lambda: client.record("accounts", "a1")["classification"]["list"], 10, "a list")


def test_what_this_process_is_asked_for_does_not_wait_for_the_next_look(own_database: Database, new_server: Callable[..., Server]) -> None:
    """Looks are an hour apart: the jobs begin because they are told."""
    workspace = Workspace(new_server(own_database, look_ms=3_600_000))
    small_book(workspace)
    for hour_cost in (1, 2, 3):
        assert workspace.client.expect(200, "POST", "/v1/reviews", headers={"Prefer": "wait=30"})["state"] == "done"
        version = workspace.client.expect(200, "PATCH", "/v1/policy", {"hour_cost": hour_cost})["version"]
        workspace.wait_settled(30)
        assert workspace.client.record("accounts", "a00")["classification"]["policy"] == version


def test_workspace_whose_job_takes_long_does_not_hold_up_the_others(own_database: Database, new_server: Callable[..., Server]) -> None:
    """The lock that writers share keeps a new policy of the one workspace from coming into force, so that its job goes on trying."""
    server = new_server(own_database)
    slow, other = Workspace(server), Workspace(server)
    connection = slow.database.connect()
    connection.autocommit = False
    try:
        connection.cursor().execute("SELECT pg_advisory_xact_lock_shared(6005344792186191872 # %s::bigint)", (slow.id,))
        slow.client.expect(200, "PATCH", "/v1/policy", {"today": "2026-01-31"})
        wait_for(lambda: own_database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), 10, "the slow job")
        other.client.expect(200, "PATCH", "/v1/policy", {"today": "2026-01-31"})
        other.wait_settled(10)
    finally:
        connection.close()
    slow.wait_settled(10)


@pytest.mark.threads
def test_provisional_review_follows_a_fifth_more_clients_and_nothing_less(quick: Server) -> None:
    workspace = Workspace(quick)
    client = workspace.client
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n + 1, "on": "2026-02-01"} for n in range(20)])
    wait_for(lambda: [each["clients"] for each in reviews(client) if each["state"] == "done"][:1] == [20], 20, "the first")
    count = len(reviews(client))
    client.import_all("revenue", [{"id": "s1", "organisation": "b1", "amount": 1, "on": "2026-02-01"}])
    other = Workspace(quick)
    other.client.store("revenue", "r", {"organisation": "a", "amount": 5, "on": "2026-02-01"})
    wait_for(lambda: reviews(other.client), 20, "another workspace's, asked for later")
    assert len(reviews(client)) == count
    client.import_all("revenue", [{"id": f"t{n}", "organisation": f"c{n}", "amount": 1, "on": "2026-02-01"} for n in range(4)])
    wait_for(lambda: reviews(client)[0]["clients"] == 25, 20, "a fifth more")


@pytest.mark.threads
@pytest.mark.parametrize("kind, record", [
    ("deals", {"organisation": "p", "line": "pumps", "opened_on": "2026-02-28"}),
    ("deals", {"line": "pumps", "stage": "lost", "closed_on": "2026-02-01"}),
    ("revenue", {"organisation": "a1", "amount": -1, "line": "pumps", "on": "2020-01-01"})])
def test_provisional_review_follows_the_first_line_of_the_book(quick: Server, kind: str, record: dict[str, Any]) -> None:
    """Breadth and white space are available from then on, whoever the line is offered to."""
    workspace = Workspace(quick)
    workspace.pin("2026-03-01")
    client = workspace.client
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n + 1, "on": "2026-02-01"} for n in range(20)])
    wait_for(lambda: [each["clients"] for each in reviews(client) if each["state"] == "done"][:1] == [20], 20, "the first")
    client.store("deals", "later", {"organisation": "p", "line": "hoses", "opened_on": "2026-03-02"})
    client.store("deals", "undated", {"organisation": "p", "line": "hoses", "stage": "lost"})
    time.sleep(4 * QUIET_MS / 1000)
    assert len(reviews(client)) == 1
    client.store(kind, "x", record)
    wait_for(lambda: [each["lines_offered"] for each in reviews(client) if each["state"] == "done"] == [1, 0], 20, "the second")


def lines_of(review: dict[str, Any]) -> int:
    return review["lines_offered"]


def reach_of(review: dict[str, Any]) -> int | None:
    return review["full"]["reach"]


def source_of(review: dict[str, Any]) -> str:
    return review["revenue_source"]


@pytest.mark.threads
@pytest.mark.parametrize("one, other, shown, before, after", [
    ("/v1/activities/t1", "/v1/activities/t2", reach_of, 1, None),
    ("/v1/contacts/c1", "/v1/accounts/a2", reach_of, 1, None),
    ("/v1/revenue/r1", "/v1/deals/d", lines_of, 2, 0),
    ("/v1/deals/d", "/v1/accounts/a1", lines_of, 2, 0)])
def test_provisional_review_follows_the_last_of_its_kind(quick: Server, one: str, other: str, shown: Callable[[dict[str, Any]], Any],
                                                         before: Any, after: Any) -> None:
    """While there is another, what goes changes nothing that is available; with the last, it does."""
    workspace = Workspace(quick)
    workspace.pin("2026-03-01")
    client = workspace.client
    client.import_all("contacts", [{"id": f"c{n}", "organisation": f"a{n}", "name": "C"} for n in (1, 2)])
    client.import_all("activities", [{"id": f"t{n}", "contact": f"c{n}", "at": "2026-02-01T10:00:00Z", "kind": "call", "direction": "outbound"} for n in (1, 2)])
    client.store("deals", "d", {"organisation": "p", "line": "hoses", "opened_on": "2026-02-01"})
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n + 1, "on": "2026-02-01", **({"line": "pumps"} if n == 1 else {})}
                                  for n in range(30)])
    wait_for(lambda: [(each["clients"], shown(each)) for each in reviews(client) if each["state"] == "done"][:1] == [(30, before)], 20, "the first")
    count = len(reviews(client))
    assert client.delete(one).status == 204
    time.sleep(4 * QUIET_MS / 1000)
    assert len(reviews(client)) == count
    assert client.delete(other).status == 204
    wait_for(lambda: [shown(each) for each in reviews(client) if each["state"] == "done"][:1] == [after], 20, "the next")


@pytest.mark.threads
def test_provisional_review_follows_the_last_revenue_entry(quick: Server) -> None:
    """From then on revenue is that of won deals."""
    workspace = Workspace(quick)
    workspace.pin("2026-03-01")
    client = workspace.client
    client.import_all("deals", [{"id": f"d{n}", "organisation": f"a{n}", "amount": n + 1, "stage": "won", "closed_on": "2026-02-01"} for n in range(20)])
    client.store("revenue", "r", {"organisation": "a1", "amount": 5, "on": "2026-02-01"})
    wait_for(lambda: [source_of(each) for each in reviews(client) if each["state"] == "done"][:1] == ["revenue"], 20, "the first")
    assert client.delete("/v1/revenue/r").status == 204
    wait_for(lambda: [(source_of(each), each["clients"]) for each in reviews(client) if each["state"] == "done"][:1] == [("deals", 20)], 20, "the next")


@pytest.mark.threads
def test_provisional_review_follows_a_policy_that_makes_clients(quick: Server) -> None:
    """The records of a past year, and then the day that they are of."""
    workspace = Workspace(quick)
    client = workspace.client
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n + 1, "on": "2017-02-01"} for n in range(20)])
    wait_for(lambda: [each["clients"] for each in reviews(client) if each["state"] == "done"] == [0], 20, "the first")
    workspace.pin("2017-03-01")
    wait_for(lambda: [each["clients"] for each in reviews(client) if each["state"] == "done"] == [20, 0], 20, "the second")
    workspace.pin("2017-03-02")
    time.sleep(4 * QUIET_MS / 1000)
    assert len(reviews(client)) == 2


@pytest.mark.threads
def test_after_a_posted_review_no_more_provisional_ones(quick: Server) -> None:
    workspace = Workspace(quick)
    small_book(workspace)
    workspace.review()
    count = len(reviews(workspace.client))
    workspace.client.import_all("revenue", [{"id": f"n{n}", "organisation": f"n{n}", "amount": 9, "on": "2026-02-01"} for n in range(30)])
    other = Workspace(quick)
    other.client.store("revenue", "r", {"organisation": "a", "amount": 5, "on": "2026-02-01"})
    wait_for(lambda: reviews(other.client), 20, "another workspace's, asked for later")
    assert len(reviews(workspace.client)) == count
    assert reviews(workspace.client)[0]["provisional"] is False


def test_posted_review_without_waiting_is_202_then_done(workspace: Workspace) -> None:
    small_book(workspace)
    answer = workspace.client.post("/v1/reviews", {})
    assert answer.status == 202, str(answer)
    number = answer.json["review"]
    done = wait_for(lambda: (shown := workspace.client.expect(200, "GET", f"/v1/reviews/{number}"))["state"] == "done" and shown, 30, "done")
    assert (done["clients"], done["provisional"], done["day"]) == (20, False, "2026-03-01")
    assert workspace.client.get("/v1/reviews/99").status == 404


def test_review_of_an_empty_book_has_no_cutoff(workspace: Workspace) -> None:
    shown = workspace.review()
    assert (shown["clients"], shown["key_cutoff"]) == (0, None)
    assert shown["cuts"] == {"engagement": 50, "potential": 50}


def test_cutoffs_stay_frozen_until_the_next_review(workspace: Workspace) -> None:
    before = reviewed_book(workspace)
    workspace.client.store("revenue", "big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"})
    assert workspace.client.record("accounts", "a19")["classification"]["list"] == "key"
    assert workspace.client.expect(200, "GET", f"/v1/reviews/{before['review']}")["key_cutoff"] == before["key_cutoff"]
    workspace.pin("2026-03-01", key_pct=50)
    lists = Counter(item["classification"]["list"] for item in workspace.client.pages("/v1/accounts", limit=500))
    assert lists["key"] == 6
    after = workspace.review()
    assert after["key_cutoff"] < before["key_cutoff"] and after["lists"]["key"] == 10


def test_review_that_changes_nothing_writes_nothing(workspace: Workspace) -> None:
    reviewed_book(workspace)
    stamps = workspace.sql("SELECT organisation, xmin::text FROM standing WHERE workspace_id = %s ORDER BY 1")
    again = workspace.review()
    assert again["changed"] == 0
    assert workspace.sql("SELECT organisation, xmin::text FROM standing WHERE workspace_id = %s ORDER BY 1") == stamps


def test_preview_shows_who_would_cross_and_writes_nothing(workspace: Workspace) -> None:
    reviewed_book(workspace)
    workspace.client.store("revenue", "big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"})
    preview = workspace.client.expect(200, "GET", "/v1/reviews/preview")
    assert preview["clients"] == 20
    assert len(reviews(workspace.client)) == 1


def test_stale_when_the_share_of_a_tier_moved_by_more_than_ten_points(workspace: Workspace) -> None:
    shown = reviewed_book(workspace)
    assert shown["stale"] is False
    workspace.client.import_all("accounts", [{"id": f"more{n}"} for n in range(20)])
    assert workspace.client.expect(200, "GET", f"/v1/reviews/{shown['review']}")["stale"] is True


@pytest.mark.threads
def test_review_takes_effect_at_one_instant_for_readers(new_workspace: Callable[..., Workspace], second_server: Server) -> None:
    """Alternating key shares; a page of all accounts must always show exactly one review's lists, and so must two pages in a row."""
    workspace = new_workspace()
    clients = 400
    small_book(workspace, clients)
    workspace.pin("2026-03-01", key_pct=25)
    workspace.review()
    mixed: list[Any] = []
    seen: set[tuple[int, int]] = set()
    stop = threading.Event()

    def read(client: Client) -> None:
        while not stop.is_set():
            page = client.expect(200, "GET", "/v1/accounts", query={"limit": 500})["data"]
            numbers = {item["classification"]["review"] for item in page}
            keys = sum(item["classification"]["list"] == "key" for item in page)
            seen.add((max(numbers), keys))
            if len(numbers) != 1 or keys != (100 if max(numbers) % 2 else 200):
                mixed.append((numbers, keys))

    threads = [threading.Thread(target=read, args=(workspace.client.twin(address=address),))
               for address in (workspace.server.address, second_server.address)]
    for thread in threads:
        thread.start()
    try:
        for number in range(2, 8):
            workspace.pin("2026-03-01", key_pct=25 if number % 2 else 50)
            assert workspace.review()["review"] == number
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not mixed, mixed[:5]
    assert len(seen) >= 4, f"the readers saw only {seen}"


@pytest.mark.threads
def test_two_reviews_posted_at_once_on_two_instances_both_end(new_workspace: Callable[..., Workspace], second_server: Server) -> None:
    workspace = new_workspace()
    small_book(workspace)
    answers = []
    threads = [threading.Thread(target=lambda client: answers.append(client.post("/v1/reviews", {}, {"Prefer": "wait=30"})),
                                args=(workspace.client.twin(address=address),))
               for address in (workspace.server.address, second_server.address) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status for answer in answers) in ([200] * 4, [200, 200, 200, 409], [200, 200, 409, 409], [200, 409, 409, 409])
    workspace.wait_settled()
    assert all(each["state"] == "done" for each in reviews(workspace.client))


def test_before_the_first_review_the_current_one_is_said_not_to_be_there(client: Client) -> None:
    answer = client.get("/v1/reviews/current")
    assert (answer.status, answer.json["detail"]) == (404, "no review has been made yet: POST /v1/reviews makes one")
