# SPDX-License-Identifier: Apache-2.0
"""No connection to PostgreSQL can be had: a short while requests wait for one, then each is told at once why it is refused."""
from __future__ import annotations

import threading
import time
from typing import Callable, Iterator

import pytest

from api.client import Answer
from api.server import Database, Server, Workspace, wait_for

from .postgres import PrivatePostgres

# What the service waits before it refuses, and what it takes to notice (LINK_PATIENCE_US).
PATIENCE_S = 2
SLACK_S = 2
AT_ONCE_S = 0.5
RECOVERED_S = 5
# More than all of them: who waits this out was not refused for want of a database.
REQUEST_MS = 20000


@pytest.fixture
def postgres(database_url: str) -> PrivatePostgres:
    return PrivatePostgres()


@pytest.fixture
def workspace(own_database: Database, new_server: Callable[..., Server]) -> Workspace:
    made = Workspace(new_server(own_database, request_ms=REQUEST_MS))
    made.client.expect(201, "PUT", "/v1/accounts/a", {"name": "A"})
    return made


def calls(workspace: Workspace) -> list[Callable[[], Answer]]:
    """Each on a connection of its own, so that all workers have their turn."""
    return [
        lambda: workspace.client.twin().get("/v1/accounts/a"),
        lambda: workspace.client.twin().get("/v1/accounts"),
        lambda: workspace.client.twin().call("GET", "/v1/accounts", None, {"Accept": "text/csv"}),
        lambda: workspace.client.twin().put("/v1/accounts/a", {"name": "B"}),
        lambda: workspace.client.twin().call("POST", "/v1/qualify", {"employees": 5}, {"Idempotency-Key": "out-of-reach"}),
        lambda: workspace.client.twin().call("POST", "/v1/accounts:import", b"id\nb\n", {"Content-Type": "text/csv"}),
        lambda: workspace.client.twin().get("/v1/summary"),
    ]


def timed(call: Callable[[], Answer]) -> tuple[Answer, float]:
    since = time.monotonic()
    answer = call()
    return answer, time.monotonic() - since


def verify_refused(answer: Answer) -> None:
    assert answer.status == 503, str(answer)
    assert answer.json["type"].endswith("/unreachable"), str(answer)
    assert "no connection to the database" in answer.json["detail"]
    assert int(answer.headers["retry-after"]) >= 1


def test_requests_wait_a_little_then_are_refused_at_once(postgres: PrivatePostgres, workspace: Workspace) -> None:
    ended: list[tuple[Answer, float]] = []
    with postgres.away():
        waiting = [threading.Thread(target=lambda call=call: ended.append(timed(call))) for call in calls(workspace)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join(REQUEST_MS / 1000 + 5)
        assert len(ended) == len(waiting)
        for answer, took_s in ended:
            verify_refused(answer)
            assert took_s < PATIENCE_S + SLACK_S, f"refused only after {took_s:.1f} s"
        for answer, took_s in [timed(call) for _ in range(3) for call in calls(workspace)]:
            verify_refused(answer)
            assert took_s < AT_ONCE_S, f"an answer that was known took {took_s:.1f} s"
        ready = workspace.client.twin().get("/readyz")
        assert (ready.status, ready.json["detail"]) == (503, "the database cannot be reached")
        assert workspace.client.twin().get("/livez").status == 200
    wait_for(lambda: all(call().status in (200, 201) for call in calls(workspace)), RECOVERED_S, "every call to succeed")


def test_jobs_say_once_that_it_is_away_and_once_that_it_is_back(postgres: PrivatePostgres, own_database: Database,
                                                                new_server: Callable[..., Server]) -> None:
    """They try again every second, which is no news; each runner has its own connections."""
    runners = 2
    server = new_server(own_database, job_runners=runners, log_level="info")

    def lines(event: str) -> list[str]:
        return [line for line in server.log_text().splitlines() if f" {event} " in line and "sweetspot jobs" in line]

    assert not lines("database_link_up"), "nothing was away yet"
    with postgres.away():
        wait_for(lambda: len(lines("database_unreachable")) >= runners, RECOVERED_S, "each runner to say so")
        time.sleep(3)  # time to try again, and to say so where somebody would
    back = wait_for(lambda: len(lines("database_link_up")) >= runners and lines("database_link_up"), RECOVERED_S, "each to be back")
    assert all("attempts=1" not in line.split() for line in back), back
    assert len(back) == len(lines("database_unreachable")) == runners, server.log_text()[-4000:]


def test_a_short_absence_is_waited_out(postgres: PrivatePostgres, workspace: Workspace) -> None:
    """A restart refuses nobody who asked in the middle of it."""
    ended: list[Answer] = []
    with postgres.away():
        waiting = [threading.Thread(target=lambda call=call: ended.append(call())) for call in calls(workspace)]
        for thread in waiting:
            thread.start()
    for thread in waiting:
        thread.join(REQUEST_MS / 1000 + 5)
    assert [answer.status for answer in ended] == [200] * len(waiting), [str(answer) for answer in ended]


@pytest.fixture
def without_write_links(workspace: Workspace) -> Iterator[Callable[[], None]]:
    """The writes' links are closed, and nobody gets another; those of reads stay."""
    name = workspace.database.value("SELECT current_database()")
    others = Database(workspace.database.url.replace(f"/{name}", "/postgres", 1))
    others.rows(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    others.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'sweetspot write'", name)
    yield lambda: others.rows(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    others.rows(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_writes_alone_out_of_reach(postgres: PrivatePostgres, workspace: Workspace, without_write_links: Callable[[], None]) -> None:
    """Reads go on, a PUT is refused, an import waits: it may stand still for longer."""
    def put() -> Answer:
        return workspace.client.twin().put("/v1/accounts/a", {"name": "B"})

    def load() -> Answer:
        return workspace.client.twin().call("POST", "/v1/accounts:import", b"id\nb\n", {"Content-Type": "text/csv"})

    imported: list[Answer] = []
    importing = threading.Thread(target=lambda: imported.append(load()))
    # One that travelled when the link broke has an unknown end; from then on they wait, and are refused.
    answer, took_s = wait_for(lambda: next((pair for pair in [timed(put)] if not pair[0].json["type"].endswith("/unavailable")), None),
                              PATIENCE_S + SLACK_S, "a refusal")
    verify_refused(answer)
    assert took_s < PATIENCE_S + SLACK_S
    importing.start()
    for _ in range(6):
        answer, took_s = timed(put)
        verify_refused(answer)
        assert took_s < AT_ONCE_S
        assert workspace.client.twin().get("/v1/accounts/a").status == 200
    assert importing.is_alive(), str(imported[0])
    without_write_links()
    importing.join(15)
    assert [answer.status for answer in imported] == [200], [str(answer) for answer in imported]
    wait_for(lambda: put().status == 200, RECOVERED_S, "a write to succeed")


def test_what_waits_for_a_frozen_database_is_told_so(postgres: PrivatePostgres, own_database: Database,
                                                     new_server: Callable[..., Server]) -> None:
    """Its connections stand: it may answer at any moment, so requests wait their time out."""
    frozen = Workspace(new_server(own_database, request_ms=1000))
    with postgres.frozen():
        answer = frozen.client.get("/v1/accounts/a")
    assert (answer.status, answer.json["type"].rsplit("/", 1)[1]) == (503, "deadline"), str(answer)
    assert "the database did not answer in time" in answer.json["detail"]
