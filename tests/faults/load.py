# SPDX-License-Identifier: Apache-2.0
"""Bounded load against one server, with the end of every request kept: what was acknowledged must be there afterwards."""
from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from contextlib import contextmanager
from typing import Any, Iterator

from api.client import Client
from api.server import Database, Server, Workspace, wait_for

# How a request may end besides a status code.
CLOSED, REFUSED, RESET, TIMED_OUT, BROKEN = "closed without a byte", "refused", "reset", "timed out", "broken off"
LOCK_SPACE = 6005344792186191872  # the workspace's advisory lock is this number xor its id


class Putter(threading.Thread):
    """PUTs new accounts one after the other until told to stop, or until the server closes the connection in good order."""

    def __init__(self, client: Client, name: str, stop: threading.Event, until_closed: bool = False) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.prefix = name
        self.stop = stop
        self.until_closed = until_closed
        self.ends: Counter[Any] = Counter()
        self.acknowledged: list[str] = []
        self.slowest_s = 0.0
        self.last_status: Any = None
        self.told_to_close = False

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            id_ = f"{self.prefix}-{number}"
            started = time.monotonic()
            end = self._put(id_)
            self.slowest_s = max(self.slowest_s, time.monotonic() - started)
            self.ends[end] += 1
            self.last_status = end
            if end in (200, 201):
                self.acknowledged.append(id_)
            else:
                self.stop.wait(0.02)  # a client that is refused backs off
            if self.until_closed and (self.told_to_close or not isinstance(end, int)):
                return

    def _put(self, id_: str) -> Any:
        try:
            answer = self.client.put(f"/v1/accounts/{id_}", {"name": id_, "seller": "s-1"})
        except ConnectionRefusedError:
            return REFUSED
        except http.client.RemoteDisconnected:
            return CLOSED
        except (ConnectionResetError, BrokenPipeError):
            return RESET
        except TimeoutError:
            return TIMED_OUT
        except (http.client.HTTPException, OSError):
            return BROKEN
        self.told_to_close = answer.headers.get("connection", "").lower() == "close"
        return answer.status


class Load:
    """Many putters on one workspace."""

    def __init__(self, workspace: Workspace, clients: int, until_closed: bool = False, timeout: float = 30) -> None:
        self.workspace = workspace
        self.stop = threading.Event()
        self.putters = []
        for number in range(clients):
            client = workspace.client.twin()
            client.timeout = timeout
            self.putters.append(Putter(client, f"p{number}", self.stop, until_closed))

    def start(self) -> Load:
        for putter in self.putters:
            putter.start()
        return self

    def finish(self, seconds: float = 40) -> None:
        self.stop.set()
        self.join(seconds)

    def join(self, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        for putter in self.putters:
            putter.join(max(0.0, deadline - time.monotonic()))
            assert not putter.is_alive(), "a client is still waiting for an answer"

    @property
    def ends(self) -> Counter[Any]:
        return sum((putter.ends for putter in self.putters), Counter())

    @property
    def acknowledged(self) -> set[str]:
        return {id_ for putter in self.putters for id_ in putter.acknowledged}

    @property
    def slowest_s(self) -> float:
        return max(putter.slowest_s for putter in self.putters)

    def wait_for_acknowledged(self, more: int, seconds: float = 20) -> None:
        """Until so many more writes have been acknowledged."""
        start = sum(len(putter.acknowledged) for putter in self.putters)
        wait_for(lambda: sum(len(putter.acknowledged) for putter in self.putters) >= start + more, seconds, f"{more} more acknowledged writes")

    def verify_nothing_lost(self) -> None:
        stored = {id_ for id_, in self.workspace.sql("SELECT id FROM organisation WHERE workspace_id = %s AND NOT deleted")}
        lost = self.acknowledged - stored
        assert self.acknowledged and not lost, f"{len(lost)} of {len(self.acknowledged)} acknowledged writes are lost: {sorted(lost)[:10]}"


@contextmanager
def writers_held(workspace: Workspace) -> Iterator[None]:
    """No write of the workspace can begin meanwhile: what arrives gathers into one batch."""
    connection = workspace.database.connect()
    try:
        connection.autocommit = False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s # %s)", (LOCK_SPACE, workspace.id))
        yield
    finally:
        connection.rollback()
        connection.close()


def wait_for_held_writer(database: Database, seconds: float = 10) -> None:
    """Until some batch waits for the lock."""
    wait_for(lambda: database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), seconds, "a batch that waits")


def metric(server: Server, name: str) -> float:
    """The sum of a metric's samples."""
    text = server.client().get("/metrics").body.decode()
    values = [float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith((name + " ", name + "{"))]
    assert values, f"no metric {name}"
    return sum(values)


def put_together(workspace: Workspace, server: Server, records: dict[str, dict[str, Any]]) -> dict[str, int]:
    """PUT accounts by one client each so that they travel in one batch; their statuses."""
    statuses: dict[str, int] = {}

    def put(id_: str, record: dict[str, Any]) -> None:
        statuses[id_] = workspace.client.twin().put(f"/v1/accounts/{id_}", record).status

    with writers_held(workspace):
        opener = threading.Thread(target=put, args=("opener", {"name": "opener"}))
        opener.start()
        wait_for_held_writer(workspace.database)
        threads = [threading.Thread(target=put, args=each) for each in records.items()]
        for thread in threads:
            thread.start()
        wait_for(lambda: metric(server, "sweetspot_queue_rows") >= len(records), 10, "all of them in the queue")
    for thread in (opener, *threads):
        thread.join(40)
    assert len(statuses) == len(records) + 1, "somebody got no answer"
    return statuses
