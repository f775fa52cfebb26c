# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL dies, restarts or freezes under load: answers within the deadline, bounded memory, nothing acknowledged lost."""
from __future__ import annotations

import time
from typing import Callable

import pytest

from api import sums
from api.server import Database, Server, Workspace, wait_for

from .load import BROKEN, CLOSED, REFUSED, RESET, TIMED_OUT, Load, metric
from .postgres import PrivatePostgres

CLIENTS = 64
REQUEST_MS = 3000
SLACK_S = 1.5
RECOVERED_S = 5
GROWTH_BYTES = 48 << 20
NEVER = {BROKEN, CLOSED, REFUSED, RESET, TIMED_OUT}


@pytest.fixture
def postgres(database_url: str) -> PrivatePostgres:
    return PrivatePostgres()


@pytest.fixture
def loaded(own_database: Database, new_server: Callable[..., Server]) -> tuple[Server, Load]:
    server = new_server(own_database, request_ms=REQUEST_MS)
    return server, Load(Workspace(server), CLIENTS).start()


def verify_all_well(server: Server, load: Load, since: float) -> None:
    """Within 5 s of the end of the fault every client succeeds again; then the load ends, and nothing is lost."""
    wait_for(lambda: server.client().get("/readyz").status == 200, max(0.1, since + RECOVERED_S - time.monotonic()), "readyz")
    counts = [len(putter.acknowledged) for putter in load.putters]
    wait_for(lambda: all(len(putter.acknowledged) > count for putter, count in zip(load.putters, counts)),
             max(0.1, since + RECOVERED_S - time.monotonic()), "every client to succeed again")
    load.finish()
    assert set(load.ends) <= {200, 201, 503}, f"{load.ends}\n{server.log_text()[-6000:]}"
    load.verify_nothing_lost()
    sums.verify(load.workspace)


@pytest.mark.threads
def test_killed_backends_lose_nothing_acknowledged(postgres: PrivatePostgres, own_database: Database, loaded: tuple[Server, Load]) -> None:
    server, load = loaded
    for _ in range(3):
        load.wait_for_acknowledged(300)
        postgres.kill_backend(own_database)
        wait_for(lambda: metric(server, "sweetspot_reconnects_total") > 0, 10, "a reconnect")
        wait_for(lambda: _answers(own_database), 20, "PostgreSQL to have recovered")
        killed_at = time.monotonic()
    verify_all_well(server, load, killed_at)
    assert not NEVER & set(load.ends), load.ends


def test_restart_in_mid_batch_loses_nothing_acknowledged(postgres: PrivatePostgres, loaded: tuple[Server, Load]) -> None:
    server, load = loaded
    load.wait_for_acknowledged(500)
    postgres.crash_and_restart()
    verify_all_well(server, load, time.monotonic())
    assert load.slowest_s < REQUEST_MS / 1000 + SLACK_S
    assert load.ends[503] > 0, "nobody noticed the restart: this proves nothing"


def frozen_under_load(postgres: PrivatePostgres, server: Server, load: Load, seconds: float) -> None:
    load.wait_for_acknowledged(500)
    before = peak = server.rss_bytes()
    answered = load.ends
    with postgres.frozen():
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            peak = max(peak, server.rss_bytes())
            assert server.client(timeout=2).get("/livez").status == 200
            time.sleep(0.1)  # samples memory; nothing waits on it
        refused = (load.ends - answered)[503]
        ready = server.client(timeout=REQUEST_MS / 1000 + SLACK_S).get("/readyz").status
    thawed_at = time.monotonic()
    assert refused >= CLIENTS * (int(seconds / (REQUEST_MS / 1000 + SLACK_S))), f"only {refused} answers while frozen"
    verify_all_well(server, load, thawed_at)
    assert load.slowest_s < REQUEST_MS / 1000 + SLACK_S, f"an answer took {load.slowest_s:.1f} s"
    assert peak - before < GROWTH_BYTES, f"grew by {(peak - before) >> 20} MiB"
    assert ready == 503, "readyz said the database can be reached while it was frozen"


def test_frozen_for_ten_seconds_answers_in_time_and_recovers(postgres: PrivatePostgres, loaded: tuple[Server, Load]) -> None:
    frozen_under_load(postgres, *loaded, seconds=10)


@pytest.mark.nightly
def test_frozen_for_a_minute_answers_in_time_and_recovers(postgres: PrivatePostgres, loaded: tuple[Server, Load]) -> None:
    frozen_under_load(postgres, *loaded, seconds=60)


def test_start_without_database_fails_or_waits_and_says_so(postgres: PrivatePostgres, own_database: Database, new_server: Callable[..., Server]) -> None:
    """A server that was up before the database came back serves again by itself."""
    server = new_server(own_database, request_ms=1000)
    workspace = Workspace(server)
    with postgres.frozen():
        answer = workspace.client.put("/v1/accounts/a", {"name": "A"})
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["content-type"].startswith("application/problem+json")
    wait_for(lambda: workspace.client.put("/v1/accounts/a", {"name": "A"}).status in (200, 201), RECOVERED_S, "a write to succeed")


def test_stop_while_frozen_still_ends(postgres: PrivatePostgres, own_database: Database, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, request_ms=1000)
    load = Load(Workspace(server), 8, until_closed=True).start()
    load.wait_for_acknowledged(50)
    with postgres.frozen():
        started = time.monotonic()
        code = server.stop()
        assert time.monotonic() - started < 15
        load.join(10)
    assert code == 0, server.log_text()[-3000:]
    load.verify_nothing_lost()


def test_import_survives_a_restart_or_says_how_far_it_came(postgres: PrivatePostgres, own_database: Database,
                                                           new_server: Callable[..., Server]) -> None:
    """With an Idempotency-Key the same import may simply be sent again until it is through."""
    server = new_server(own_database)
    workspace = Workspace(server)
    rows = b"".join(b'{"id": "a%d"}\n' % number for number in range(30000))

    def pieces():
        for start in range(0, len(rows), 20000):
            yield rows[start:start + 20000]
            if start == 200000:
                postgres.crash_and_restart()

    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "import-through-a-crash"}
    try:
        first = workspace.client.twin().call("POST", "/v1/accounts:import", pieces(), headers)
        assert first.status in (200, 503), str(first)
    except OSError:
        pass
    answers = []

    def through() -> bool:
        answers.append(workspace.client.twin().call("POST", "/v1/accounts:import", rows, headers))
        return answers[-1].status == 200

    wait_for(through, 60, "the import to go through", 0.5)
    assert answers[-1].json["created"] == 30000, answers[-1].json
    assert workspace.value("SELECT count(*) FROM organisation WHERE workspace_id = %s") == 30000


def _answers(database: Database) -> bool:
    try:
        return database.value("SELECT NOT pg_is_in_recovery()")
    except Exception:
        return False
