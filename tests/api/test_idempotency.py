# SPDX-License-Identifier: Apache-2.0
"""Idempotency-Key on POST: one effect, the same answer, conflicts told apart."""
from __future__ import annotations

import threading
from typing import Any

import pytest

from .client import Answer, Client, path_of
from .samples import any_let_go, reviewed_book
from .server import Server, Workspace


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    reviewed_book(workspace)
    return workspace


def decide(client: Client, id_: str, key: str | None, **more: Any) -> Answer:
    return client.post(path_of("let-go", id_, "/decisions"), {"decision": "keep", "by": "Ada", "reason": "why", **more},
                       {"Idempotency-Key": key} if key else {})


def count(book: Workspace) -> int:
    return book.value("SELECT count(*) FROM decision WHERE workspace_id = %s")


def test_same_key_and_body_acts_once_and_answers_the_same(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    first, again = decide(book.client, id_, "k1"), decide(book.client, id_, "k1")
    assert first.status in (200, 201)
    assert (again.status, again.json) == (first.status, first.json)
    assert count(book) == 1


def test_without_key_every_post_acts(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    assert decide(book.client, id_, None).status == decide(book.client, id_, None).status
    assert count(book) == 2


def test_same_key_with_another_body_is_refused(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    decide(book.client, id_, "k1")
    assert decide(book.client, id_, "k1", reason="another").status in (409, 422)
    assert count(book) == 1


def test_same_key_on_the_other_instance_replays(book: Workspace, second_server: Server) -> None:
    id_ = any_let_go(book.client)
    first = decide(book.client, id_, "k1")
    again = decide(second_server.client(book.key), id_, "k1")
    assert again.json == first.json and count(book) == 1


def test_refusal_is_replayed_too(book: Workspace) -> None:
    first = decide(book.client, any_let_go(book.client), "k1", decision="nonsense")
    again = decide(book.client, any_let_go(book.client), "k1", decision="nonsense")
    assert first.status == again.status == 422


def test_many_at_once_with_one_key_act_once(book: Workspace, second_server: Server) -> None:
    id_ = any_let_go(book.client)
    answers: list[Answer] = []
    ready = threading.Barrier(12)

    def post(client: Client) -> None:
        ready.wait()
        answers.append(decide(client, id_, "k1"))

    threads = [threading.Thread(target=post, args=(book.client.twin(address=(None, second_server.address)[n % 2]),)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 12
    assert {answer.status for answer in answers} <= {200, 201, 409}
    assert len({answer.body for answer in answers if answer.status != 409}) == 1
    assert count(book) == 1
    assert decide(book.client, id_, "k1").status in (200, 201)


def test_same_key_in_another_workspace_is_another_key(book: Workspace, new_workspace: Any) -> None:
    other = new_workspace()
    first = book.client.import_rows("accounts", [{"id": "x"}], headers={"Idempotency-Key": "k1"})
    second = other.client.import_rows("accounts", [{"id": "x"}], headers={"Idempotency-Key": "k1"})
    assert first.json["created"] == second.json["created"] == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", 'unbalanced"', "ümlaut"])
def test_malformed_key_is_400(book: Workspace, key: str) -> None:
    assert decide(book.client, any_let_go(book.client), key or '""').status == 400
    assert count(book) == 0


def test_review_with_a_key_is_made_once(book: Workspace) -> None:
    headers = {"Idempotency-Key": "review-1", "Prefer": "wait=30"}
    first = book.client.post("/v1/reviews", {}, headers)
    again = book.client.post("/v1/reviews", {}, headers)
    assert first.status == 200 and again.json["review"] == first.json["review"]
