# SPDX-License-Identifier: Apache-2.0
"""Connections are kept for long: they are spread over the workers when they come, or one works while the others idle."""
from __future__ import annotations

import socket
from collections import Counter
from contextlib import ExitStack
from typing import Callable

import pytest

from api.client import AnswerReader, raw_socket
from api.server import Database, Server, wait_for

from .load import metric

WORKERS = 4
INSTANCE_DIGITS = 16


class Guest:
    """A connection that stays, and which worker has it: the ids of its requests begin with the worker's own."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        self.connection: socket.socket = stack.enter_context(raw_socket(server.address))
        self.reader = AnswerReader(self.connection)
        self.worker = self.ask()

    def ask(self) -> str:
        self.connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = self.reader.read()
        assert answer.status == 200
        return answer.headers["x-request-id"][:INSTANCE_DIGITS]


def spread_of(guests: list[Guest]) -> list[int]:
    return sorted(Counter(guest.worker for guest in guests).values())


@pytest.mark.threads
def test_connections_are_spread_over_the_workers(own_database: Database, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, workers=WORKERS)
    with ExitStack() as stack:
        guests = [Guest(server, stack) for _ in range(15 * WORKERS)]
        assert len(spread_of(guests)) == WORKERS and spread_of(guests)[-1] - spread_of(guests)[0] <= 2, spread_of(guests)
        assert all(guest.ask() == guest.worker for guest in guests), "a connection changed workers"


@pytest.mark.threads
def test_worker_whose_connections_have_left_gets_the_next_ones(own_database: Database, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, workers=2)
    with ExitStack() as stack:
        guests = [Guest(server, stack) for _ in range(20)]
        left = guests[0].worker
        for guest in guests:
            if guest.worker == left:
                guest.connection.shutdown(socket.SHUT_RDWR)
        guests = [guest for guest in guests if guest.worker != left]
        wait_for(lambda: metric(server, "sweetspot_connections") <= len(guests) + 1, 10, "the server to have seen them leave")
        later = [Guest(server, stack) for _ in range(8)]
        assert Counter(guest.worker for guest in later)[left] >= 6, (spread_of(guests), spread_of(later))


@pytest.mark.threads
def test_many_at_once_are_all_let_in_and_spread(own_database: Database, new_server: Callable[..., Server]) -> None:
    """All have knocked before anybody answers: the first that wakes does not keep them."""
    server = new_server(own_database, workers=WORKERS)
    with ExitStack() as stack:
        connections = [stack.enter_context(raw_socket(server.address)) for _ in range(300)]
        for connection in connections:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        answers = [AnswerReader(connection).read() for connection in connections]
        assert {answer.status for answer in answers} == {200}
        spread = Counter(answer.headers["x-request-id"][:INSTANCE_DIGITS] for answer in answers)
        assert len(spread) == WORKERS and max(spread.values()) - min(spread.values()) <= 60, spread
