# SPDX-License-Identifier: Apache-2.0
"""Each safety is needed: the test that proves it fails on a program that was built without it (`make WITHOUT=name`)."""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, NamedTuple

import pytest

from api.client import Answer
from api.server import REPOSITORY, Database, Server, Workspace, wait_for

BUILD_S = 300
TEST_S = 120


class Case(NamedTuple):
    """A test of a program of the Check library."""
    program: str
    suite: str
    test: str
    case: str = ""


def stored(suite: str, test: str, case: str = "") -> Case:
    return Case("store-tests", suite, test, case)


# safety: what shows that it is needed, grouped by what it is a safety against
SAFETIES: dict[str, str | Case] = {
    # requests as libmicrohttpd hands them over
    "framing": "tests/faults/test_framing.py::test_ambiguous_length_is_400_and_the_connection_closed",
    "whole-lines": "tests/faults/test_framing.py::test_what_the_library_would_pass_over_in_a_head_is_400_and_the_connection_closed",
    "hidden-query": "tests/api/test_errors.py::test_query_of_very_many_parts_is_read_like_any_other",
    "raw-path": "tests/faults/test_framing.py::test_id_with_encoded_slash_is_one_id",
    "nul-in-path": Case("unit-tests", "http_path", "test_http_percent_decode_vector_is_strict"),
    "duplicates": "tests/api/test_errors.py::test_body_that_is_not_json_is_400",
    "extent": Case("unit-tests", "intake_json", "test_intake_json_parse_depth_is_bounded"),
    "named-nul": Case("unit-tests", "intake_json", "test_intake_json_parse_vectors_match"),
    # connections
    "second-call": "tests/faults/test_framing.py::test_thousand_requests_stay_on_one_connection",
    "whole-body": "tests/api/test_errors.py::test_refusals_leave_the_connection_usable",
    "resume-run": "tests/faults/test_framing.py::test_two_requests_in_one_segment_get_two_answers_in_order",
    "deadline": "tests/faults/test_framing.py::test_one_byte_now_and_then_is_cut_at_the_deadline[body]",
    "holding": "tests/faults/test_batches.py::test_write_whose_request_was_given_up_is_nobodys_answer",
    "spreading": "tests/faults/test_spread.py::test_connections_are_spread_over_the_workers",
    # the stop: let in who has knocked, finish, dismiss
    "last-accepts": "tests/faults/test_stop.py::test_stop_lets_in_who_had_knocked[1]",
    "finishing": "tests/faults/test_stop.py::test_stop_waits_for_the_answer_to_what_is_under_way",
    "dismissal": "tests/faults/test_safeties.py::test_import_that_waits_when_its_time_to_stop_has_come_is_answered",
    # libpq
    "nonblocking": stored("store/link", "test_link_query_large_parameters_do_not_block", "large"),
    "write-watch": stored("store/link", "test_link_query_large_parameters_do_not_block", "large"),
    "reading-on": stored("store/link", "test_link_query_large_parameters_and_answers_do_not_wait_for_each_other", "large"),
    "busy-check": stored("store/link", "test_link_answer_that_is_not_there_yet_is_not_waited_for", "waiting"),
    "flush-request": stored("store/link", "test_link_request_flush_answers_without_sync", "waiting"),
    "commit-check": stored("store/link", "test_link_sync_commit_that_fails_shows_at_the_sync"),
    "limits": stored("store/link", "test_link_new_session_is_set_up", "waiting"),
    "connect-timer": stored("store/link_life", "test_link_connect_silent_server_is_given_up"),
    "preparing-again": stored("store/link_life", "test_link_death_answers_all_once_and_comes_back", "death"),
    "commit-tag": stored("store/values", "test_session_commit_of_a_failed_transaction_is_no_success"),
    "copy-drain": stored("store/sizes", "test_deals_load_ends_at_its_memory", "memory"),
    # reads, and what has an effect beside them
    "sending-again": stored("store/read_lane", "test_read_lane_neighbours_failure_is_not_theirs"),
    "unknown": stored("store/read_lane", "test_read_lane_effect_with_unknown_outcome_is_not_repeated"),
    "effect-at-sync": stored("store/read_lane", "test_read_lane_effect_whose_commit_fails_is_no_success"),
    "staleness": stored("store/keys", "test_store_key_cache_is_void_without_answers"),
    "generations": stored("store/keys", "test_store_key_answer_that_is_overtaken_is_not_kept"),
    "lease": "tests/faults/test_batches.py::test_key_of_a_request_that_is_under_way_is_409",
    # batches
    "split": "tests/faults/test_batches.py::test_guilty_row_is_refused_and_neighbours_are_stored[23514-row fails in mid-batch]",
    "retry": "tests/faults/test_batches.py::test_batch_that_met_another_is_tried_again",
    "last-attempt": "tests/faults/test_batches.py::test_batch_that_meets_another_every_time_is_given_up",
    "share": "tests/faults/test_batches.py::test_workspace_over_its_share_is_429_while_others_are_served",
    "one-each": "tests/faults/test_batches.py::test_facts_of_one_day_in_one_batch_add_up",
    "holding-back": "tests/faults/test_batches.py::test_row_that_somebody_has_locked_holds_up_nobody_else",
    "order": "tests/faults/test_batches.py::test_two_instances_that_write_the_same_in_opposite_order_do_not_deadlock",
    "matching": "tests/faults/test_batches.py::test_rows_that_are_there_and_rows_that_are_not_travel_together",
    "later-look": "tests/faults/test_batches.py::test_two_instances_that_write_facts_of_one_account_both_count",
    "seller-lock": "tests/api/test_lists_by_hand.py::test_who_comes_second_waits_for_who_was_first",
    # reviews beside writers
    "marks": stored("jobs_beside_writers", "test_writer_marks_what_it_touches_while_a_flip_computes", "steps"),
    "both-editions": stored("jobs_beside_writers", "test_writer_writes_both_editions_while_a_flip_is_written", "steps"),
    "flip-lock": stored("jobs_beside_writers", "test_flip_waits_for_the_writers_that_are_under_way", "steps"),
}
# Without these the test's own patience has to end: up to a minute.
SLOW = {"connect-timer", "copy-drain"}


def cases(kind: type) -> list[Any]:
    return [pytest.param(name, marks=[pytest.mark.nightly] if name in SLOW else []) for name, test in SAFETIES.items() if isinstance(test, kind)]


def build_without(safety: str, target: str) -> Path:
    """Objects that do not mention the safety are taken from the build that is there, anew each time: what they depend on is known of that one."""
    flag = "WITHOUT_" + safety.replace("-", "_").upper()
    whole, out = REPOSITORY / "build/release", REPOSITORY / f"build/release-without-{safety}"
    if whole.exists():
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(whole, out, copy_function=os.link)
        for program in ("store-tests", "unit-tests"):
            (out / program).unlink(missing_ok=True)
    for source in REPOSITORY.glob("service/*/*.c"):
        if re.search(rf"\b{flag}\b", source.read_text(encoding="utf-8")):
            for suffix in (".o", ".d"):
                (out / source.relative_to(REPOSITORY).with_suffix(suffix)).unlink(missing_ok=True)
    done = subprocess.run(["make", "-s", f"WITHOUT={safety}", target], cwd=REPOSITORY, capture_output=True, text=True, timeout=BUILD_S)
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.mark.parametrize("safety", cases(str))
def test_program_without_a_safety_fails_its_test(safety: str) -> None:
    out = build_without(safety, "build")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", SAFETIES[safety]], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=TEST_S, env={**os.environ, "SWEETSPOT_BINARY": str(out / "sweetspot")})
    assert done.returncode == 1, done.stdout[-3000:]


@pytest.mark.parametrize("safety", cases(Case))
def test_library_without_a_safety_fails_its_test(safety: str, database: Database) -> None:
    shows = SAFETIES[safety]
    out = build_without(safety, shows.program)
    done = subprocess.run([str(out / shows.program)], cwd=REPOSITORY, capture_output=True, text=True, timeout=TEST_S,
                          env={**os.environ, "CK_RUN_SUITE": shows.suite, **({"CK_RUN_CASE": shows.case} if shows.case else {})})
    assert done.returncode != 0
    assert f":{shows.test}:" in done.stdout, done.stdout[-3000:]


def test_every_safety_that_can_be_left_out_has_its_test() -> None:
    found = set()
    for source in REPOSITORY.glob("service/*/*.c"):
        for name in re.findall(r"^#ifn?def WITHOUT_(\w+)", source.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(name.lower().replace("_", "-"))
    assert found == set(SAFETIES)


def test_import_that_waits_when_its_time_to_stop_has_come_is_answered(own_database: Database, new_server: Callable[..., Server]) -> None:
    """libmicrohttpd aborts when it is stopped while a connection is suspended. An import's time is longer than a request's."""
    server = new_server(own_database, request_ms=800)
    workspace = Workspace(server)
    workspace.client.store("accounts", "z", {"name": "Z"})
    connection = own_database.connect()
    connection.autocommit = False
    connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'z' FOR UPDATE", (workspace.id,))
    answers: list[Answer] = []

    def load() -> None:
        answers.append(workspace.client.twin().import_rows("deals", [{"id": "d", "organisation": "z", "stage": "won", "closed_on": "2026-01-05"}]))

    thread = threading.Thread(target=load)
    thread.start()
    try:
        wait_for(own_database.waiting, 10, "the import to wait")
        server.signal(signal.SIGTERM)
        started = time.monotonic()
        assert server.process.wait(20) == 0, server.log_text()[-3000:]
        assert time.monotonic() - started < 10
    finally:
        connection.rollback()
        connection.close()
        thread.join(20)
    assert [answer.status for answer in answers] == [503]
