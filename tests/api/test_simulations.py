# SPDX-License-Identifier: Apache-2.0
"""POST /v1/simulations: that it changes nothing, and that what it says is what publishing the policy does."""
from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any, Callable

import pytest
from oracle.random_book import TODAY, random_shelf

from .client import Client, path_of
from .samples import reviewed_book, small_book
from .server import REPOSITORY, Server, Workspace, wait_for
from .shelf import load, merge_patch, policy_patch
from .sizes import sized_shelf
from .stands import Stand, crossings, movers, plain, stand, verdicts


def simulate(client: Client, body: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
    return client.expect(200, "POST", "/v1/simulations", body or {}, query={"limit": 500, **query})


def let_go(client: Client) -> dict[str, Any]:
    """The list within its budget."""
    head = client.expect(200, "GET", "/v1/let-go", query={"limit": 500})
    within = [entry for entry in client.pages("/v1/let-go", limit=500) if entry["within_budget"]]
    return {**{name: head[name] for name in ("base", "budget", "used", "remaining", "revenue_at_stake", "hours_freed")},
            "data": [{name: entry[name] for name in ("rank", "account", "name", "seller", "tier", "list", "keep_score", "revenue_12m",
                                                     "hours_12m")} for entry in within]}


KEPT_OUT = ("not_ours", "throw_back")


def let_in(before: Stand, after: Stand) -> list[str]:
    return sorted((id_ for id_, now in after.items() if now["verdict"] and (
        before[id_]["verdict"] in KEPT_OUT and now["verdict"] not in KEPT_OUT
        or before[id_]["verdict"] in ("unknown", "later") and now["verdict"] == "now")), key=str.encode)


def verify(said: dict[str, Any], before: Stand, after: Stand, cut_before: dict[str, Any], cut_after: dict[str, Any]) -> None:
    assert said["organisations"] == len(after)
    assert plain(said["tiers"]) == crossings(before, after, "tier")
    assert plain(said["lists"]) == crossings(before, after, "list")
    assert {(cell["from"], cell["to"]): cell["count"] for cell in said["verdicts"]} == verdicts(before, after)
    admitted = let_in(before, after)
    assert said["let_in"]["count"] == len(admitted)
    assert [each["prospect"] for each in said["let_in"]["data"]] == admitted[:20]
    moved = movers(before, after)
    shown = {entry["seller"]: {name: value for name, value in entry.items() if name != "seller"} for entry in said["moved"]["by_seller"]}
    assert shown == moved
    assert said["moved"]["count"] == sum(each["count"] for each in moved.values())
    assert said["moved"]["sellers"] == len(moved)
    for name, cut in (("before", cut_before), ("after", cut_after)):
        assert {key: value for key, value in said["let_go"][name].items() if key != "within_budget"} == cut, name
        assert said["let_go"][name]["within_budget"] == len(cut["data"])
    ids = [{entry["account"] for entry in cut["data"]} for cut in (cut_before, cut_after)]
    for name, expected in (("joined", ids[1] - ids[0]), ("left", ids[0] - ids[1])):
        assert {entry["account"] for entry in said["let_go"][name]["data"]} == expected
        assert said["let_go"][name]["count"] == len(expected)


def publish(workspace: Workspace, said: dict[str, Any], patch: dict[str, Any]) -> None:
    workspace.client.expect(200, "PATCH", "/v1/policy", {**merge_patch(patch), "acknowledge": "a test"})
    workspace.wait_settled()
    if said["under"]["review"] == "made":
        workspace.review()


def test_no_change_changes_nobody(workspace: Workspace) -> None:
    reviewed_book(workspace)
    before, cut = stand(workspace), let_go(workspace.client)
    for body in ({}, {"policy": {}}, {"policy": {"key_pct": 25.0, "hour_cost": 0}}, {"today": "2026-03-01"}):
        said = simulate(workspace.client, body)
        assert (said["at_once"], said["at_next_review"], said["under"]["review"]) == ([], [], "frozen")
        assert said["moved"]["count"] == 0 and said["moved"]["by_seller"] == []
        verify(said, before, before, cut, cut)


def test_writes_nothing(workspace: Workspace) -> None:
    reviewed_book(workspace)
    tables = ("policy", "review", "change", "touched", "review_signal")
    count = lambda: [workspace.value(f"SELECT count(*) FROM {table} WHERE workspace_id = %s") for table in tables]
    digest = lambda: workspace.value("SELECT sum(hashtext(s::text || xmin::text)) FROM standing AS s WHERE workspace_id = %s")
    before, written = count(), digest()
    said = simulate(workspace.client, {"policy": {"key_pct": 50, "hour_cost": 900}, "today": "2026-09-01"})
    assert said["moved"]["count"] > 0
    assert count() == before and digest() == written
    assert simulate(workspace.client)["moved"]["count"] == 0


ACTS_AT_REVIEW = ("full", "edges", "key_pct", "cuts", "revenue_from", "lines", "account_management_pct")

# (seed, organisations)
BOOKS = [(1, 40), (2, 60), (3, 120), (4, 25)]


def criteria_patch(source: random.Random) -> dict[str, Any]:
    """Criteria over what random books have, and floors."""
    made = [{"id": "industry", "dimension": "market", "attribute": "industry", "op": "in", "weight": source.choice((1, 2.5)),
             "value": source.sample(["software", "Medical", "steel", "retail", "media"], 2), "required": source.random() < 0.4},
            {"id": "size", "dimension": "enterprise", "attribute": "employees", "op": "gte", "value": source.choice((5, 50, 500)), "weight": 1},
            {"id": "people", "dimension": "persona", "attribute": "personas", "op": "exists", "weight": 2, "required": source.random() < 0.2},
            {"id": "region", "dimension": "market", "attribute": "region", "op": "exists", "weight": 1}]
    return {"criteria": source.sample(made, source.randint(0, 3)), "fit_threshold": source.choice((20, 50, 60, 80)),
            "floor_annual": source.choice((None, 100, 20000)), "deciders": source.choice((["ceo"], ["ceo", "owner", "cfo", "buyer"]))}


@pytest.mark.parametrize("seed, size", [(11, 60), (12, 120), (13, 90)])
def test_verdicts_equal_what_publishing_does(new_workspace: Callable[..., Workspace], seed: int, size: int) -> None:
    workspace = new_workspace()
    load(workspace, random_shelf(seed, size))
    workspace.review()
    source = random.Random(seed)
    seen: Counter = Counter()
    for round_ in range(6):
        patch: dict[str, Any] = criteria_patch(source)
        if round_ % 2:
            patch["today"] = (TODAY + timedelta(days=source.choice((-90, 2, 60)))).isoformat()
        if round_ % 3 == 2:
            patch["key_pct"] = source.choice((10, 40))
        before, cut_before = stand(workspace), let_go(workspace.client)
        said = simulate(workspace.client, {"policy": patch})
        publish(workspace, said, patch)
        verify(said, before, stand(workspace), cut_before, let_go(workspace.client))
        seen.update(cell["to"] for cell in said["verdicts"])
        assert len(said["verdicts"]) > 0
    assert len(seen) >= 3, seen


@pytest.mark.parametrize("seed, size", BOOKS)
def test_equals_what_publishing_does(new_workspace: Callable[..., Workspace], seed: int, size: int) -> None:
    workspace = new_workspace()
    load(workspace, random_shelf(seed, size))
    workspace.review()
    source = random.Random(seed)
    made = Counter()
    for round_ in range(6):
        patch = policy_patch(seed * 100 + round_)
        if round_ % 3 == 0:  # what acts at once, alone
            patch = {name: value for name, value in patch.items() if name not in ACTS_AT_REVIEW}
        if round_ % 2 == 0:
            patch["today"] = (TODAY + timedelta(days=source.choice((-200, -3, 1, 45, 300)))).isoformat()
        before, cut_before = stand(workspace), let_go(workspace.client)
        said = simulate(workspace.client, {"policy": merge_patch(patch)})
        made[said["under"]["review"]] += 1
        publish(workspace, said, patch)
        verify(said, before, stand(workspace), cut_before, let_go(workspace.client))
        assert said["under"]["day"] == workspace.value("SELECT day::text FROM workspace WHERE id = %s")
    assert made["frozen"] > 0 and made["made"] > 0, made


@pytest.mark.parametrize("seed", [31, 32])
def test_tiers_set_by_hand_count_for_letting_go(new_workspace: Callable[..., Workspace], seed: int) -> None:
    """On the day judged on: some overrides end before it."""
    workspace = new_workspace()
    load(workspace, random_shelf(seed, 60))
    workspace.client.expect(200, "PATCH", "/v1/policy", {"let_go": {"pct": 40, "min_tenure_days": 0}})
    workspace.wait_settled()
    workspace.review()
    source = random.Random(seed)
    ids = sorted(id_ for id_, each in stand(workspace).items() if each["list"] in ("key", "secondary"))
    for id_ in source.sample(ids, 12):
        body = {"tier": source.choice(("service", "key")), "reason": "a test", "until": str(TODAY + timedelta(days=source.choice((0, 400))))}
        assert workspace.client.put(path_of("accounts", id_, "/override"), body).status == 201
    lists: list[dict[str, Any]] = []
    by_hand: list[str] = []
    for patch in ({"hour_cost": 3}, {"today": str(TODAY + timedelta(days=1))}, {"key_pct": 60, "let_go": {"pct": 55}}):
        before, cut_before = stand(workspace), let_go(workspace.client)
        said = simulate(workspace.client, {"policy": patch})
        publish(workspace, said, patch)
        verify(said, before, stand(workspace), cut_before, let_go(workspace.client))
        lists.append(said["let_go"])
        by_hand += [entry["account"] for entry in lists[-1]["before"]["data"] if before[entry["account"]]["tier"] != "service"]
    assert by_hand, "no tier set by hand counted"
    assert lists[1]["joined"]["count"] + lists[1]["left"]["count"] > 0, "nobody's override ended"


def test_more_candidates_than_are_held_at_once(workspace: Workspace) -> None:
    """One in eight and 2,000 are, the rest come when the book is gone through again."""
    count = 2900
    workspace.pin("2026-03-01", let_go={"tiers": ["key", "growth", "maintenance", "service"]})
    workspace.client.import_all("accounts", [{"id": f"many-{n:04d}", "seller": f"s-{n % 3}"} for n in range(count)])
    workspace.client.import_all("revenue", [{"id": f"r-{n:04d}", "organisation": f"many-{n:04d}", "amount": n % 700 + 1, "on": "2025-08-01"}
                                            for n in range(count)])
    workspace.review()
    patch = {"let_go": {"pct": 97, "min_tenure_days": 0}, "hour_cost": 2}
    before, cut_before = stand(workspace), let_go(workspace.client)
    said = simulate(workspace.client, {"policy": patch})
    publish(workspace, said, patch)
    cut = let_go(workspace.client)
    assert said["let_go"]["after"]["within_budget"] == len(cut["data"]) == count * 97 // 100
    assert said["let_go"]["after"]["data"] == cut["data"][:500]
    assert said["let_go"]["after"]["revenue_at_stake"] == cut["revenue_at_stake"]
    joined = [entry for entry in cut["data"] if entry["account"] not in {each["account"] for each in cut_before["data"]}]
    assert (said["let_go"]["joined"]["count"], said["let_go"]["joined"]["data"]) == (len(joined), joined[:500])
    assert plain(said["tiers"]) == crossings(before, stand(workspace), "tier")


def test_before_the_first_review_one_is_made(workspace: Workspace) -> None:
    small_book(workspace)
    before = stand(workspace)
    said = simulate(workspace.client)
    assert (said["under"]["review"], said["in_force"]["review"]) == ("made", None)
    workspace.review()
    cut = let_go(workspace.client)
    nothing = {**dict.fromkeys(("base", "budget", "used", "remaining", "revenue_at_stake", "hours_freed"), 0), "data": []}
    verify(said, before, stand(workspace), nothing, cut)


def test_empty_book_has_an_answer(workspace: Workspace) -> None:
    said = simulate(workspace.client, {"policy": {"key_pct": 10}})
    assert (said["organisations"], said["tiers"], said["lists"], said["moved"]["count"]) == (0, [], [], 0)
    assert said["under"]["key_cutoff"] is None


def test_says_what_acts_when(workspace: Workspace) -> None:
    reviewed_book(workspace)
    said = simulate(workspace.client, {"policy": {"key_pct": 40, "hour_cost": 5, "cuts": {"margin": 4}, "let_go": {"pct": 10.0}}})
    assert sorted(said["at_once"]) == ["hour_cost"]
    assert sorted(said["at_next_review"]) == ["cuts", "key_pct"]
    assert said["under"]["review"] == "made"
    said = simulate(workspace.client, {"today": "2026-03-20", "policy": {"let_go": {"pct": 50}}})
    assert sorted(said["at_once"]) == ["let_go", "today"]
    assert (said["at_next_review"], said["under"]["review"], said["under"]["day"]) == ([], "frozen", "2026-03-20")


def test_pin_taken_away_is_the_calendar(workspace: Workspace) -> None:
    reviewed_book(workspace)
    today = workspace.value("SELECT (now() AT TIME ZONE 'UTC')::date::text WHERE %s > 0")
    assert simulate(workspace.client, {"today": None})["under"]["day"] == today


def test_limit_shortens_what_is_listed_not_what_is_counted(workspace: Workspace) -> None:
    reviewed_book(workspace, 40)
    body = {"policy": {"let_go": {"pct": 50, "tiers": ["key", "growth", "maintenance", "service"]}, "key_pct": 60}}
    full, short = simulate(workspace.client, body), simulate(workspace.client, body, limit=1)
    assert full["moved"]["sellers"] == 2 and full["let_go"]["after"]["within_budget"] > 2
    assert len(short["moved"]["by_seller"]) == 1
    assert short["moved"]["by_seller"] == full["moved"]["by_seller"][:1]
    assert short["let_go"]["after"]["data"] == full["let_go"]["after"]["data"][:1]
    assert short["let_go"]["joined"]["count"] == full["let_go"]["joined"]["count"]
    assert short["let_go"]["after"]["revenue_at_stake"] == full["let_go"]["after"]["revenue_at_stake"]


def larger_deals(client: Client, pct: int, **query: Any) -> dict[str, Any]:
    """As GET /v1/sweet-spot tells them."""
    return client.expect(200, "GET", "/v1/sweet-spot", query={"deal_size_pct": pct, **query})["what_if"]


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_larger_deals_are_those_of_the_sweet_spot(new_workspace: Callable[..., Workspace], seed: int) -> None:
    workspace = new_workspace()
    load(workspace, sized_shelf(seed, 60))
    client = workspace.client
    said = simulate(client, {"deal_size_pct": 25})
    assert said["under"]["review"] == "made"
    assert said["deal_size"] == larger_deals(client, 25, fresh=1) and said["deal_size"]["sellers"]
    workspace.review()
    said = simulate(client, {"deal_size_pct": 40, "policy": {"hour_cost": 7}})
    assert said["under"]["review"] == "frozen"
    assert said["deal_size"] == larger_deals(client, 40)
    assert said["deal_size"] != larger_deals(client, 25)
    assert simulate(client)["deal_size"] is None


def test_larger_deals_are_read_by_the_bands_of_the_review_that_is_made(new_workspace: Callable[..., Workspace]) -> None:
    workspace = new_workspace()
    load(workspace, sized_shelf(1, 60))
    workspace.review()
    before, patch = larger_deals(workspace.client, 100), {"edges": [37, 4100]}
    said = simulate(workspace.client, {"deal_size_pct": 100, "policy": patch})
    assert said["under"]["review"] == "made" and said["deal_size"] != before
    publish(workspace, said, patch)
    assert said["deal_size"] == larger_deals(workspace.client, 100)


def test_larger_deals_need_no_deals(workspace: Workspace) -> None:
    reviewed_book(workspace)
    said = simulate(workspace.client, {"deal_size_pct": 25})
    assert (said["deal_size"], said["moved"]["count"]) == ({"deal_size_pct": 25, "sellers": []}, 0)


@pytest.mark.parametrize("body, pointers", [
    ({"polycy": {}}, ["/polycy"]),
    *(({"deal_size_pct": size}, ["/deal_size_pct"]) for size in (0, -5, 1001, 2.5, "25", True, None, 2 ** 32 + 25)),
    ({"policy": 5}, ["/policy"]),
    ({"today": "2026-02-30"}, ["/today"]),
    ({"today": "2026-03-01", "policy": {"today": "2026-03-02"}}, ["/today"]),
    ({"polycy": {}, "deal_size_pct": 0, "policy": {"key_pct": 0, "nonsense": 1}}, ["/polycy", "/deal_size_pct", "/policy/nonsense", "/policy/key_pct"]),
    ({"deal_size_pct": 0, "policy": {"key_pct": 30}}, ["/deal_size_pct"]),
    ({"policy": {"key_pct": 0, "engagement": {"reach": -1}, "nonsense": 1}}, ["/policy/engagement/reach", "/policy/key_pct", "/policy/nonsense"]),
])
def test_wrong_bodies_are_refused_with_all_pointers(client: Client, body: Any, pointers: list[str]) -> None:
    answer = client.post("/v1/simulations", body)
    assert answer.status == 422, str(answer)
    assert sorted(answer.pointers()) == sorted(pointers)


def test_says_the_same_as_put_would(workspace: Workspace) -> None:
    """All the errors of a policy, whichever way it comes."""
    bad = {"cuts": {"engagement": {"percentile": 0}}, "time": {"key": 0, "growth": 0, "service": 0, "maintenance": 0}, "criteria": [{}]}
    by_patch = workspace.client.patch("/v1/policy", bad)
    simulated = workspace.client.post("/v1/simulations", {"policy": bad})
    assert (by_patch.status, simulated.status) == (422, 422)
    assert simulated.pointers() == ["/policy" + pointer for pointer in by_patch.pointers()]


# --- the desk ---

class Slowed:
    """Nobody reads deals meanwhile: whoever asks about a whole book waits, and nothing else does."""

    def __init__(self, workspace: Workspace) -> None:
        self.connection = workspace.database.connect()
        self.cursor = self.connection.cursor()

    def __enter__(self) -> Slowed:
        self.cursor.execute("BEGIN")
        self.cursor.execute("LOCK TABLE deal IN ACCESS EXCLUSIVE MODE")
        return self

    def __exit__(self, *_: Any) -> None:
        self.connection.rollback()
        self.connection.close()


def ask_beside(workspace: Workspace, count: int) -> tuple[list[threading.Thread], list[Any]]:
    answers: list[Any] = []

    def ask() -> None:
        answers.append(workspace.client.twin().post("/v1/simulations", {}))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, answers


@pytest.mark.threads
def test_full_desk_is_429_and_reads_go_on(own_database: Any, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, desk_ms=20000))
    reviewed_book(workspace)
    with Slowed(workspace):
        threads, answers = ask_beside(workspace, 6)
        wait_for(lambda: len(answers) >= 2, 10, "those beyond the workspace's four")
        time.sleep(0.2)
        assert [answer.status for answer in answers] == [429, 429]
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
        preview = workspace.client.get("/v1/reviews/preview")
        assert preview.status == 429 and int(preview.headers["retry-after"]) >= 1
        assert workspace.client.get("/v1/summary").status == 200
    for thread in threads:
        thread.join(30)
    assert Counter(answer.status for answer in answers) == {429: 2, 200: 4}


@pytest.mark.threads
def test_deadline_is_503_and_the_desk_goes_on(own_database: Any, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, desk_ms=1500))
    reviewed_book(workspace)
    with Slowed(workspace):
        started = time.monotonic()
        assert workspace.client.post("/v1/simulations", {}).status == 503
        assert 1 < time.monotonic() - started < 5
    wait_for(lambda: workspace.client.post("/v1/simulations", {}).status == 200, 10, "the next question to be answered")


@pytest.mark.threads
def test_client_that_leaves_makes_room(own_database: Any, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, desk_ms=60000)
    workspace = Workspace(server)
    reviewed_book(workspace)
    with Slowed(workspace):
        leaving = [server.client(workspace.key, timeout=0.5) for _ in range(4)]
        for client in leaving:
            with pytest.raises(TimeoutError):
                client.post("/v1/simulations", {})
        # One is with the clerk until the database lets it go; the others are withdrawn when they are seen to be gone.
        waiting = wait_for(lambda: waits(workspace), 10, "room at the desk")
    thread, answers = waiting
    thread.join(30)
    assert [answer.status for answer in answers] == [200]


def waits(workspace: Workspace) -> tuple[threading.Thread, list[Any]] | None:
    """Ask once more; None when that is refused."""
    (thread,), answers = ask_beside(workspace, 1)
    thread.join(0.5)
    return (thread, answers) if thread.is_alive() else None


@pytest.mark.threads
def test_stop_under_a_question_answers_it(own_database: Any, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, desk_ms=60000, request_ms=1500)
    workspace = Workspace(server)
    reviewed_book(workspace)
    with Slowed(workspace):
        threads, answers = ask_beside(workspace, 2)
        wait_for(lambda: workspace.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND %s > 0") > 0, 10, "the question to wait")
        started = time.monotonic()
        assert server.stop() == 0, server.log_text()[-3000:]
        assert time.monotonic() - started < 10
    for thread in threads:
        thread.join(10)
    assert [answer.status for answer in answers] == [503, 503]


def test_database_restarted_between_two_questions_is_not_noticed(workspace: Workspace) -> None:
    reviewed_book(workspace)
    simulate(workspace.client)
    workspace.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE %s > 0 AND pid <> pg_backend_pid()"
                  " AND query LIKE 'ROLLBACK%%' AND state = 'idle'")
    simulate(workspace.client)


# It cuts the connection the second time that overrides of tiers are read, which is when the list after is made and much has been counted.
CUT_IN_THE_MIDDLE = """
CREATE FUNCTION cut_in_the_middle() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    calls int := coalesce(nullif(current_setting('trap.calls', true), ''), '0')::int + 1;
BEGIN
    IF current_query() NOT LIKE '%%tier IS NOT NULL%%' THEN
        RETURN true;
    END IF;
    PERFORM set_config('trap.calls', calls::text, false);
    IF calls = 2 AND pg_backend_pid() IN ({pids}) THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
    END IF;
    RETURN true;
END $$;
ALTER TABLE override RENAME TO override_kept;
CREATE VIEW override AS SELECT * FROM override_kept WHERE cut_in_the_middle()"""


def test_question_asked_again_after_a_lost_connection_counts_once(own_database: Any, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database))
    reviewed_book(workspace)
    workspace.client.expect(201, "PUT", "/v1/accounts/a00/override", {"tier": "service", "reason": "a row to be read"})
    body = {"policy": {"small_pct": 90, "engagement": {"reach": 100, "initiative": 0, "rhythm": 0, "orders": 0, "breadth": 0}}}
    undisturbed = simulate(workspace.client, body)
    assert undisturbed["moved"]["count"] > 0, "nothing is counted: this proves nothing"
    jobs = [pid for pid, in own_database.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = "
                                              "'sweetspot jobs'")]
    own_database.rows(CUT_IN_THE_MIDDLE.format(pids=", ".join(map(str, jobs))))
    again = simulate(workspace.client, body)
    left = own_database.value("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", jobs)
    assert left == len(jobs) - 1, "no connection was cut: this proves nothing"
    assert {**again, "effort": None} == {**undisturbed, "effort": None}


def test_book_beyond_the_memory_is_503_and_says_so(own_database: Any, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, desk_bytes=1048576))
    workspace.client.import_all("accounts", [{"id": f"account-{n:06d}"} for n in range(12000)])
    answer = workspace.client.post("/v1/simulations", {})
    assert answer.status == 503 and "memory" in answer.json["detail"], str(answer)


def test_day_that_the_time_does_not_suffice_for_is_503_at_once_and_says_so(own_database: Any, new_server: Callable[..., Server]) -> None:
    """Measuring takes 2 ms for every day with revenue: 20 s, and there are 10."""
    workspace = Workspace(new_server(own_database, desk_ms=10000))
    count = 9000
    workspace.pin("2026-03-01")
    workspace.client.import_all("accounts", [{"id": f"account-{n:06d}"} for n in range(count)])
    workspace.client.import_all("revenue", [{"id": f"r{n:06d}", "organisation": f"account-{n:06d}", "amount": 5, "on": "2026-01-10"}
                                            for n in range(count)])
    workspace.sql("ALTER TABLE revenue_day RENAME TO revenue_day_slow; CREATE VIEW revenue_day AS SELECT * FROM revenue_day_slow"
                  " WHERE pg_sleep(0.002) IS NOT NULL AND %s > 0")
    started = time.monotonic()
    answer = workspace.client.post("/v1/simulations", {"today": "2026-02-01"})
    assert time.monotonic() - started < 9
    assert answer.status == 503 and int(answer.headers["retry-after"]) >= 1, str(answer)
    assert f"of {count} organisations anew would take" in answer.json["detail"] and "SWEETSPOT_DESK_MS" in answer.json["detail"]
    assert workspace.client.expect(200, "POST", "/v1/simulations", {"policy": {"hour_cost": 5}})["organisations"] == count


# --- memory ---

TOUCHES = """
INSERT INTO activity_day (workspace_id, organisation, day, activities, minutes, inbound, directed)
SELECT workspace_id, id, current_date - 5 * n, 2, 45, 1, 2 FROM organisation, generate_series(1, 4) AS n WHERE workspace_id = %s"""
EVERYBODY = {"pct": 100, "min_tenure_days": 0, "tiers": ["key", "growth", "maintenance", "service"]}
MEMORY_CASES: dict[str, tuple[dict[str, Any], str]] = {
    "frozen": ({"hour_cost": 5}, "frozen"), "made": ({"key_pct": 40}, "made"), "moved": ({"today": "MONTH_AGO"}, "frozen"),
    "moved and made": ({"today": "MONTH_AGO", "key_pct": 40}, "made"), "let go of everybody": ({"let_go": EVERYBODY, "key_pct": 40}, "made")}


def fill(workspace: Workspace, organisations: int) -> Workspace:
    sql = (REPOSITORY / "tests/bench/sql/fill_book.sql").read_text(encoding="utf-8")
    with workspace.database.connect() as connection, connection.cursor() as cursor:
        cursor.execute(sql, {"workspace": workspace.id, "accounts": organisations})
        cursor.execute(TOUCHES, (workspace.id,))
    connection.close()
    return workspace


def memory_of(workspace: Workspace, organisations: int) -> dict[str, int]:
    """Bytes that each case takes at its most, as the program counts them."""
    workspace.wait_settled()
    assert workspace.client.post("/v1/reviews", {}).status == 202
    workspace.wait_settled()
    month_ago = workspace.value("SELECT (day - 30)::text FROM workspace WHERE id = %s")
    taken = {"preview": workspace.client.expect(200, "GET", "/v1/reviews/preview")["effort"]["memory_bytes"]}
    for name, (patch, review) in MEMORY_CASES.items():
        said = simulate(workspace.client, {"policy": {**patch, **({"today": month_ago} if "today" in patch else {})}})
        assert (said["organisations"], said["under"]["review"]) == (organisations, review), name
        assert said["let_go"]["after"]["within_budget"] > organisations // 50
        taken[name] = said["effort"]["memory_bytes"]
    return taken


def test_memory_is_under_100_bytes_an_organisation(own_database: Any, new_server: Callable[..., Server]) -> None:
    """Beyond what a book takes whatever its size."""
    few, many = 6000, 24000
    quiet = new_server(own_database, jobs="false")
    books = {size: fill(Workspace(quiet), size) for size in (few, many)}
    own_database.rows("VACUUM ANALYZE")
    server = new_server(own_database)
    for book in books.values():
        book.client = book.client.twin(address=server.address)
    taken = {size: memory_of(book, size) for size, book in books.items()}
    each = {name: (taken[many][name] - taken[few][name]) / (many - few) for name in taken[few]}
    assert all(30 < bytes_ < 100 for bytes_ in each.values()), each
    assert all(bytes_ < 7 << 20 for bytes_ in taken[few].values()), taken[few]
