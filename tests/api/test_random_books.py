# SPDX-License-Identifier: Apache-2.0
"""Random dirty books under random policies, account by account against the oracle; then random further writes, and again."""
from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any, Callable

import pytest
from oracle import rules
from oracle.book import Book
from oracle.measures import Facts
from oracle.pursuit import is_inactive, is_on, weakest_in_the_way
from oracle.random_book import TODAY, random_shelf

from . import sums
from .expectation import Differences, compare_all, compare_lists, compare_review
from .server import Workspace
from .shelf import Ledger, Mutator, load, policy_patch

# (seed, organisations, policy seed or None, way in)
BOOKS = [(1, 40, None, "ndjson"), (2, 25, 2, "put"), (3, 60, 3, "json"), (4, 120, 4, "ndjson"), (5, 5, 5, "put"), (6, 40, 6, "ndjson"),
         (7, 200, None, "ndjson"), (8, 33, 8, "json"), (9, 47, 9, "ndjson"), (10, 64, 10, "ndjson")]
MORE_BOOKS = int(os.environ.get("SWEETSPOT_RANDOM_BOOKS", "0"))
BOOKS += [(seed, 20 + seed % 90, seed, "ndjson") for seed in range(100, 100 + MORE_BOOKS)]
MORE_SEEDS = range(1000, 1000 + MORE_BOOKS // 5)  # of what takes longer than a book


def shelf_of(seed: int, size: int, policy: int | None) -> dict[str, Any]:
    shelf = random_shelf(seed, size)
    if policy is not None:
        shelf["policy"].update(policy_patch(policy))
    return shelf


def verify_review(workspace: Workspace, book: Book) -> rules.Review:
    """Post a review, and hold everything it froze and decided against the oracle's."""
    shown = workspace.review()
    review = rules.review(book)
    diff = Differences()
    compare_review(diff, shown, review, book)
    diff.verify()
    return review


@pytest.mark.parametrize("seed, size, policy, way", BOOKS)
def test_random_book_equals_the_oracle(new_workspace: Callable[..., Workspace], seed: int, size: int, policy: int | None,
                                       way: str) -> None:
    shelf = shelf_of(seed, size, policy)
    workspace = new_workspace()
    load(workspace, shelf, way)
    book = Book.load(shelf)
    review = verify_review(workspace, book)
    diff = compare_all(workspace, book, review)
    compare_lists(diff, workspace.client, rules.score(book, review), book)
    diff.verify(size * 20)
    sums.verify(workspace)


@pytest.mark.parametrize("currency, digits", [("JPY", 0), ("KWD", 3)])
def test_currency_with_other_minor_units_equals_the_oracle(new_workspace: Callable[..., Workspace], currency: str, digits: int) -> None:
    shelf = random_shelf(20 + digits, 40, currency, digits)
    workspace = new_workspace(currency=currency)
    load(workspace, shelf)
    book = Book.load(shelf)
    compare_all(workspace, book, verify_review(workspace, book)).verify(500)


def test_order_of_rows_and_kinds_does_not_matter(new_workspace: Callable[..., Workspace]) -> None:
    shelf = shelf_of(31, 40, None)
    workspace = new_workspace()
    workspace.pin(shelf["policy"]["today"])
    for kind in reversed(list(shelf["records"])):
        rows = shelf["records"][kind][::-1]
        if rows and kind == "prospects":  # what bought before it was described is an account by now
            accounts = {id_ for id_, in workspace.sql("SELECT id FROM organisation WHERE workspace_id = %s AND is_account")}
            workspace.client.import_all("accounts", [row for row in rows if row["id"] in accounts])
            rows = [row for row in rows if row["id"] not in accounts]
        if rows:
            workspace.client.import_all(kind, rows)
    book = Book.load(shelf)
    compare_all(workspace, book, verify_review(workspace, book)).verify(500)
    sums.verify(workspace)


@pytest.mark.parametrize("seed, policy", [(41, None), (42, 42), (43, 43), (44, None), *zip(MORE_SEEDS, MORE_SEEDS)])
def test_random_writes_under_a_standing_review_equal_recomputing(new_workspace: Callable[..., Workspace], seed: int,
                                                                policy: int | None) -> None:
    shelf = shelf_of(seed, 40, policy)
    workspace = new_workspace()
    load(workspace, shelf)
    ledger = Ledger(workspace, shelf)
    mutator = Mutator(ledger, random_shelf(seed + 1000, 40), seed)
    review = verify_review(workspace, ledger.book)
    history = [(review.day, review.clients)]
    for round_ in range(3):
        mutator.run(60)
        mutator.assign(20)
        compare_all(workspace, ledger.book, review, history).verify(500)
        sums.verify(workspace)
        ledger.patch_policy({"today": (TODAY + timedelta(days=(1, 40, -20)[round_])).isoformat()})
        compare_all(workspace, ledger.book, review, history, by_get=round_ == 0).verify(150)
    sums.verify(workspace)
    review = verify_review(workspace, ledger.book)
    compare_all(workspace, ledger.book, review, [*history, (review.day, review.clients)]).verify(500)


@pytest.mark.parametrize("seed", [71, 72, *MORE_SEEDS])
def test_random_hands_find_the_places_that_the_oracle_says(new_workspace: Callable[..., Workspace], seed: int) -> None:
    """Who is put on a list, is refused for whom, and is taken off."""
    shelf = random_shelf(seed, 60)
    shelf["policy"].update({"max_targets": 1, "max_leads": 2})
    shelf["records"]["sellers"][0]["active"] = False
    workspace = new_workspace()
    load(workspace, shelf)
    ledger, rng = Ledger(workspace, shelf), Random(f"hands {seed}")
    review = verify_review(workspace, ledger.book)
    facts, classified, statuses = Facts(ledger.book), rules.score(ledger.book, review), Counter[int]()
    prospects = [id_ for id_, each in classified.items() if each.kind == "prospect"]
    idle = 0
    for _ in range(250):
        id_, list_, seller = rng.choice(prospects), rng.choice(("target", "lead", "lead")), rng.choice(ledger.visible("sellers"))
        takes_off = rng.random() < 0.4
        if takes_off and rng.random() < 0.5 and ledger.book.assignments:
            id_, hand = rng.choice(sorted(ledger.book.assignments.items()))
            list_, seller = hand.list, hand.seller
        is_there = is_on(classified, facts, id_, seller, list_)
        is_full, weakest = weakest_in_the_way(classified, facts, id_, seller, list_)
        is_idle = is_inactive(facts, id_, seller, list_)
        answer = ledger.assign(id_, list_, seller, takes_off)
        statuses[answer.status] += 1
        assert answer.status == ((204 if is_there else 404) if takes_off else 409 if is_full or is_idle else 200), f"{id_!r} {list_} {seller!r}: {answer}"
        if is_idle and not takes_off:
            assert "not active" in answer.json["detail"] and "errors" not in answer.json
            idle += 1
        elif is_full and not takes_off:
            assert [each["prospect"] for each in answer.json["errors"]] == [weakest] * (weakest is not None), f"{id_!r} {list_} {seller!r}: {answer}"
    assert min(statuses[status] for status in (200, 204, 404, 409)) > 5 and idle > 0, (statuses, idle)
    compare_all(workspace, ledger.book, review).verify(500)


@pytest.mark.parametrize("seed", [51, 52, 53, *MORE_SEEDS])
def test_policy_changes_act_at_once_or_at_the_next_review(new_workspace: Callable[..., Workspace], seed: int) -> None:
    shelf = shelf_of(seed, 40, None)
    workspace = new_workspace()
    load(workspace, shelf)
    ledger = Ledger(workspace, shelf)
    review = verify_review(workspace, ledger.book)
    history = [(review.day, review.clients)]
    for change in range(3):
        ledger.patch_policy(policy_patch(seed * 10 + change))
        compare_all(workspace, ledger.book, review, history).verify(300)
    review = verify_review(workspace, ledger.book)
    compare_all(workspace, ledger.book, review, [*history, (review.day, review.clients)]).verify(300)
    sums.verify(workspace)


def test_steadiness_margin_holds_a_tier_until_it_is_passed(new_workspace: Callable[..., Workspace]) -> None:
    """Stored high stays high down to cut - margin, stored low stays low up to cut + margin."""
    shelf = random_shelf(61, 60)
    workspace = new_workspace()
    shelf["policy"]["cuts"] = {"margin": 10}
    load(workspace, shelf)
    ledger = Ledger(workspace, shelf)
    review = verify_review(workspace, ledger.book)
    held = 0
    for days in (5, 10, 20, 30):
        ledger.patch_policy({"today": (TODAY + timedelta(days=days)).isoformat()})
        compare_all(workspace, ledger.book, review, by_get=False).verify(200)
        for each in rules.score(ledger.book, review).values():
            if each.tier and each.engagement is not None:
                plain = each.engagement >= review.cuts["engagement"]
                held += plain != (each.tier in ("key", "maintenance"))
    assert held > 0, "no tier was held by its margin: the test proves nothing"


def test_margin_of_the_cuts_acts_at_the_next_review_alone(new_workspace: Callable[..., Workspace]) -> None:
    """It is part of `cuts`: widening it after the review holds nobody who would have moved."""
    shelf = random_shelf(61, 60)
    workspace = new_workspace()
    shelf["policy"]["cuts"] = {"margin": 0}
    load(workspace, shelf)
    ledger = Ledger(workspace, shelf)
    review = verify_review(workspace, ledger.book)
    ledger.patch_policy({"today": (TODAY + timedelta(days=30)).isoformat(), "cuts": {"margin": 100}})
    compare_all(workspace, ledger.book, review, by_get=False).verify(200)
    before = {id_: each.tier for id_, each in rules.score(ledger.book, review).items()}
    moved = sum(before[id_] != each.tier for id_, each in rules.score(Book.load(shelf), review).items())
    assert moved > 0, "nobody moved: the test proves nothing"
