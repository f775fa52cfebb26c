# SPDX-License-Identifier: Apache-2.0
"""Thousands of random writes against two instances at once, with reviews, policies and days that flip in mid-run.

Each record is written by one thread alone, so that what was acknowledged last is known; facts of all threads meet at the same
organisations. SWEETSPOT_PROPERTY_SECONDS lengthens the run (45), SWEETSPOT_PROPERTY_SEED repeats one.
"""
from __future__ import annotations

import os
import threading
import time
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any, Callable

import pytest
from oracle import rules

from . import sums
from .client import Client, path_of
from .expectation import Differences, compare_all, compare_review
from .facts import book_of, review_of, reviews_of
from .server import Server, Workspace

SECONDS = float(os.environ.get("SWEETSPOT_PROPERTY_SECONDS", "45"))
SEED = int(os.environ.get("SWEETSPOT_PROPERTY_SEED", "1"))
THREADS = 6
TODAY = date(2025, 6, 30)
ORGANISATIONS = [f"org {number}" for number in range(40)]
SELLERS = [f"s{number}" for number in range(6)]
CONTACTS = [f"c{number}" for number in range(25)]
SIZES = {"accounts": 40, "contacts": 25, "sellers": 6, "deals": 120, "activities": 200, "revenue": 160}
WEIGHTS = {"accounts": 3, "contacts": 2, "sellers": 1, "deals": 5, "activities": 6, "revenue": 6}
FINE = {200, 201, 204, 404}


def any_day(rng: Random) -> str:
    return (TODAY - timedelta(days=rng.choice((0, 1, 89, 90, 181, 182, 364, 365, 366, -1, -5, rng.randint(0, 760))))).isoformat()


def record_of(kind: str, rng: Random) -> dict[str, Any]:
    """A valid PUT body; what may be absent often is."""
    organisation, seller, contact = rng.choice(ORGANISATIONS), rng.choice((*SELLERS, None)), rng.choice((*CONTACTS, None))
    if kind == "accounts":
        return {"name": "N", "seller": rng.choice((None, seller)), "industry": rng.choice(("A", "a ", "B", None)), "employees": rng.choice((5, 60, None)),
                "margin_pct": rng.choice((None, None, 12.5, 40)), "annual_potential": rng.choice((None, 5000, 90000)),
                "annual_potential_on": (TODAY - timedelta(days=rng.choice((0, 3, 364)))).isoformat(),
                "status": rng.choice(("active",) * 9 + ("inactive",))}
    if kind == "contacts":
        return {"name": "N", "organisation": rng.choice((organisation, organisation, None)), "persona": rng.choice(("CEO", None))}
    if kind == "sellers":
        return {"name": "N", "region": rng.choice(("Nord", None))}
    if kind == "deals":
        opened, closed = sorted((any_day(rng), any_day(rng)))
        return {"organisation": rng.choice((organisation, organisation, organisation, None)), "seller": seller, "amount": rng.choice((100, 2500.5, 90000, None)),
                "stage": rng.choice(("open", "won", "won", "lost")), "opened_on": opened, "closed_on": rng.choice((closed, None)),
                "line": rng.choice(("x", "X ", "y", None))}
    if kind == "activities":
        return {"organisation": rng.choice((organisation, None)), "seller": seller, "contact": contact, "kind": rng.choice(("call", "service")),
                "direction": rng.choice(("inbound", "outbound", None)), "minutes": rng.choice((None, 0, 15, 60)),
                "at": any_day(rng) + rng.choice(("T00:00:00Z", "T23:59:59Z"))}
    return {"organisation": organisation, "amount": rng.choice((100, 2500.5, -300, 40000)), "margin": rng.choice((None, None, 77)),
            "on": any_day(rng), "line": rng.choice(("x", "X ", "y", "z", None))}


class Writer(threading.Thread):
    """Writes its own share of the records until the time is over, now to one instance, now to the other."""

    def __init__(self, number: int, clients: list[Client], ends_at: float) -> None:
        super().__init__()
        self.rng = Random(f"{SEED} writer {number}")
        self.number = number
        self.clients = clients
        self.ends_at = ends_at
        self.statuses: Counter[int] = Counter()
        self.acknowledged: dict[tuple[str, str], dict[str, Any] | None] = {}
        self.failures: list[str] = []

    def run(self) -> None:
        try:
            while time.monotonic() < self.ends_at and len(self.failures) < 5:
                self._step()
        except Exception as failure:  # shown by the test; a thread's traceback would be lost
            self.failures.append(f"writer {self.number}: {failure!r}")

    def _own(self, kind: str) -> str:
        number = self.rng.randrange(self.number, SIZES[kind], THREADS)
        return {"accounts": "org {}", "contacts": "c{}", "sellers": "s{}"}.get(kind, kind + " {}").format(number)

    def _step(self) -> None:
        rng, client = self.rng, self.rng.choice(self.clients)
        kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        what = rng.random()
        if what < 0.6:
            id_, record = self._own(kind), record_of(kind, rng)
            self._note(client.put_record(kind, id_, record), kind, id_, record)
        elif what < 0.75:
            self._patch(client, kind)
        elif what < 0.87:
            id_ = self._own(kind)
            self._note(client.delete(path_of(kind, id_)), kind, id_, None)
        else:
            self._import(client, kind)

    def _patch(self, client: Client, kind: str) -> None:
        id_, other = self._own(kind), record_of(kind, self.rng)
        patch = {name: other[name] for name in self.rng.sample(sorted(other), 2) if name not in ("opened_on", "closed_on", "annual_potential")}
        answer = client.patch(path_of(kind, id_), patch)
        before = self.acknowledged.get((kind, id_)) or {}
        self._note(answer, kind, id_, {**before, **patch}, answer.status == 200)

    def _import(self, client: Client, kind: str) -> None:
        """Whole records under fresh source times: a row for what is hidden is refused, the others count."""
        ids = sorted({self._own(kind) for _ in range(self.rng.randint(2, 25))})
        rows = [{"id": id_, **record_of(kind, self.rng)} for id_ in ids]
        answer = client.import_rows(kind, rows, self.rng.choice(("json", "ndjson")))
        self.statuses[answer.status] += 1
        if answer.status != 200:
            self.failures.append(f"import {kind}: {answer}")
            return
        refused = {error["row"] for error in answer.json["errors"]}
        for number, row in enumerate(rows, 1):
            if number in refused and self.acknowledged.get((kind, row["id"]), {}) is not None:
                self.failures.append(f"import {kind} row {row}: {answer}")
            if number not in refused:
                self.acknowledged[kind, row["id"]] = {name: value for name, value in row.items() if name != "id"}

    def _note(self, answer: Any, kind: str, id_: str, record: dict[str, Any] | None, changes: bool = True) -> None:
        self.statuses[answer.status] += 1
        if answer.status not in FINE:
            self.failures.append(f"{kind} {id_}: {answer}")
        elif changes and (answer.status != 404 or record is None):
            self.acknowledged[kind, id_] = record


class Flipper(threading.Thread):
    """Reviews, policies and days in mid-run, from both instances."""

    def __init__(self, clients: list[Client], ends_at: float) -> None:
        super().__init__()
        self.rng = Random(f"{SEED} flips")
        self.clients = clients
        self.ends_at = ends_at
        self.reviews = self.policies = 0
        self.failures: list[str] = []

    def run(self) -> None:
        while time.monotonic() < self.ends_at:
            client = self.rng.choice(self.clients)
            if self.rng.random() < 0.4:
                answer = client.post("/v1/reviews", {}, {"Prefer": "wait=10"})
                self.reviews += answer.status in (200, 202)
            else:
                answer = client.patch("/v1/policy", self._policy())
                self.policies += answer.status == 200
            if answer.status not in (200, 202, 409):
                self.failures.append(str(answer))
            time.sleep(self.rng.uniform(0, 0.3))  # paces the load; nothing waits on it

    def _policy(self) -> dict[str, Any]:
        return self.rng.choice((
            {"today": (TODAY + timedelta(days=self.rng.randint(-30, 30))).isoformat()},
            {"default_margin_pct": self.rng.choice((100, 33.33, 12.5))}, {"hour_cost": self.rng.choice((0, 80))},
            {"engagement": {"reach": self.rng.randint(1, 50)}}, {"key_pct": self.rng.choice((10, 25, 40))},
            {"revenue_from": self.rng.choice(("auto", "revenue", "deals"))}))


@pytest.mark.threads
def test_two_instances_under_flips_end_as_recomputing_says(server: Server, second_server: Server,
                                                           new_workspace: Callable[..., Workspace]) -> None:
    workspace = new_workspace()
    workspace.pin(TODAY.isoformat())
    addresses = (server.address, second_server.address)
    ends_at = time.monotonic() + SECONDS
    writers = [Writer(number, [workspace.client.twin(address=address) for address in addresses], ends_at) for number in range(THREADS)]
    flipper = Flipper([workspace.client.twin(address=address) for address in addresses], ends_at)
    for thread in (*writers, flipper):
        thread.start()
    for thread in (*writers, flipper):
        thread.join(SECONDS + 120)
        assert not thread.is_alive(), "a writer hangs"
    failures = [failure for thread in (*writers, flipper) for failure in thread.failures]
    assert not failures, "\n".join(failures[:10])
    count = sum(sum(writer.statuses.values()) for writer in writers)
    assert count > 30 * SECONDS and flipper.reviews > 3 and flipper.policies > 5, (count, flipper.reviews, flipper.policies)
    workspace.wait_settled()

    sums.verify(workspace)
    verify_acknowledged(workspace, {key: value for writer in writers for key, value in writer.acknowledged.items()})
    book = book_of(workspace)
    compare_all(workspace, book, review_of(workspace), reviews_of(workspace)).verify(300)

    shown = workspace.review()
    review = rules.review(book)
    diff = Differences()
    compare_review(diff, shown, review, book)
    diff.verify()
    compare_all(workspace, book, review, reviews_of(workspace)).verify(300)


def verify_acknowledged(workspace: Workspace, acknowledged: dict[tuple[str, str], dict[str, Any] | None]) -> None:
    """Every record reads as its last acknowledged write left it."""
    wrong = []
    for (kind, id_), record in acknowledged.items():
        answer = workspace.client.get(path_of(kind, id_))
        if record is None:
            if answer.status == 200 and not answer.json.get("stub"):
                wrong.append(f"{kind} {id_}: deleted, but {answer}")
            continue
        if answer.status != 200:
            wrong.append(f"{kind} {id_}: stored {record}, but {answer}")
            continue
        shown = answer.json
        for name, value in record.items():
            if name == "seller" and kind == "accounts" and value is None or name == "annual_potential_on":
                continue
            if shown[name] != value:
                wrong.append(f"{kind} {id_} {name}: stored {value!r}, shown {shown[name]!r}")
    assert not wrong, f"{len(wrong)} of {len(acknowledged)}\n" + "\n".join(wrong[:20])
