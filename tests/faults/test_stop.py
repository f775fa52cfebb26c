# SPDX-License-Identifier: Apache-2.0
"""Stopping under load: every request that was taken gets its answer, and what was acknowledged stays."""
from __future__ import annotations

import signal
import threading
import time
from typing import Callable

import pytest

from api.client import Answer, raw_socket, read_to_end, status_of
from api.server import Database, Server, Workspace, wait_for

from .load import BROKEN, RESET, TIMED_OUT, Load, wait_for_held_writer, writers_held

CLIENTS = 64


@pytest.mark.threads
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_under_load_answers_everybody_and_loses_nothing(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace],
                                                             number: signal.Signals) -> None:
    server = new_server(drain_ms=700)
    workspace = new_workspace(server)
    load = Load(workspace, CLIENTS, until_closed=True).start()
    load.wait_for_acknowledged(500)
    server.signal(number)
    started = time.monotonic()
    load.join(30)
    assert server.process.wait(20) == 0, server.log_text()[-3000:]
    assert time.monotonic() - started < 12
    assert not {BROKEN, RESET, TIMED_OUT} & set(load.ends), load.ends
    assert set(end for end in load.ends if isinstance(end, int)) <= {200, 201, 503}, load.ends
    load.verify_nothing_lost()


@pytest.mark.threads
def test_stop_without_drain_delay_loses_nothing_acknowledged(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    """Without a delay an idle connection may close under a request that is on its way; no answer is cut in two."""
    server = new_server(drain_ms=0)
    workspace = new_workspace(server)
    load = Load(workspace, CLIENTS, until_closed=True).start()
    load.wait_for_acknowledged(500)
    server.signal(signal.SIGTERM)
    load.join(30)
    assert server.process.wait(20) == 0, server.log_text()[-3000:]
    assert not {BROKEN, TIMED_OUT} & set(load.ends), load.ends
    load.verify_nothing_lost()


@pytest.mark.threads
def test_other_instance_goes_on_while_one_stops(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace], server: Server) -> None:
    leaving = new_server(drain_ms=200)
    workspace = new_workspace(leaving)
    load = Load(workspace, 16, until_closed=True).start()
    other = Load(workspace, 16)
    for putter in other.putters:
        putter.client.address = server.address
        putter.prefix = "other-" + putter.prefix
    other.start()
    load.wait_for_acknowledged(200)
    leaving.signal(signal.SIGTERM)
    load.join(30)
    assert leaving.process.wait(20) == 0
    other.wait_for_acknowledged(100)
    other.finish()
    assert set(other.ends) <= {200, 201}, other.ends
    other.verify_nothing_lost()


def test_stop_waits_for_the_answer_to_what_is_under_way(own_database: Database, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, drain_ms=0)
    workspace = Workspace(server)
    answers: list[Answer] = []
    with writers_held(workspace):
        thread = threading.Thread(target=lambda: answers.append(workspace.client.twin().put("/v1/accounts/a", {"name": "A"})))
        thread.start()
        wait_for_held_writer(own_database)
        server.signal(signal.SIGTERM)
        wait_for(lambda: _is_refused(server), 10, "the doors to be closed")
        assert server.is_running()
    thread.join(20)
    assert [(answer.status, answer.headers["connection"]) for answer in answers] == [(201, "close")]
    assert server.process.wait(20) == 0, server.log_text()[-3000:]


def _is_refused(server: Server) -> bool:
    try:
        raw_socket(server.address).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("workers", [1, 3])
def test_stop_lets_in_who_had_knocked(own_database: Database, new_server: Callable[..., Server], workers: int) -> None:
    """Connected, and with a request sent, before anybody has taken the connection in: a reset would leave them in doubt."""
    server = new_server(own_database, drain_ms=0, workers=workers)
    server.signal(signal.SIGSTOP)
    waiting = []
    for _ in range(200):
        waiting.append(raw_socket(server.address))
        waiting[-1].sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
    server.signal(signal.SIGTERM)
    server.signal(signal.SIGCONT)
    answers = [read_to_end(connection) for connection in waiting]
    for connection in waiting:
        connection.close()
    assert server.process.wait(20) == 0, server.log_text()[-3000:]
    assert {status_of(answer) for answer in answers} == {200}, f"{sum(not answer for answer in answers)} of {len(answers)} got no answer"


def test_second_signal_cuts_the_drain_short(new_server: Callable[..., Server]) -> None:
    server = new_server(drain_ms=20000)
    server.signal(signal.SIGTERM)
    wait_for(lambda: server.client().get("/readyz").status == 503, 5, "the first signal to be heard")
    started = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.process.wait(10) == 0
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("number", [5, 55], ids=["lower half", "upper half"])
def test_stop_while_a_review_waits_for_a_writer_still_ends(own_database: Database, new_server: Callable[..., Server], number: int) -> None:
    """A review is written by two hands; whichever cannot go on is cut off, and the next instance makes the review anew."""
    server = new_server(own_database, settle_rows=0, provisional_ms=86400000)
    workspace = Workspace(server)
    client = workspace.client
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n:02}", "amount": n + 1, "on": "2026-02-01"} for n in range(60)])
    writer = own_database.connect()
    writer.autocommit = False
    try:
        writer.cursor().execute(
            "INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m, revenue_182,"
            " revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
            " SELECT id, %s, epoch + 1, true, 10000, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM workspace WHERE id = %s",
            (f"a{number:02}", workspace.id))
        client.expect(202, "POST", "/v1/reviews")
        wait_for(lambda: own_database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                            " AND application_name = 'sweetspot jobs' AND wait_event = 'transactionid'"), 10, "the hand to wait")
        started = time.monotonic()
        assert server.stop() == 0, server.log_text()[-3000:]
        assert time.monotonic() - started < 15
    finally:
        writer.rollback()
        writer.close()
    after = new_server(own_database, settle_rows=0, provisional_ms=86400000).client(workspace.key)
    wait_for(lambda: after.expect(200, "GET", "/v1/reviews/1")["state"] == "done", 20, "the review")
    assert after.record("accounts", f"a{number:02}")["classification"]["tier"]
