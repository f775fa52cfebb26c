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
from typing import Callable

import pytest

from api.client import Answer
from api.server import REPOSITORY, Database, Server, Workspace, wait_for

BUILD_S = 300
TEST_S = 120

# safety: what shows that it is needed; a name without :: is a suite and test of the store's own program
SAFETIES = {
    "deadline": "tests/faults/test_framing.py::test_one_byte_now_and_then_is_cut_at_the_deadline[body]",
    "framing": "tests/faults/test_framing.py::test_ambiguous_length_is_400_and_the_connection_closed",
    "raw-path": "tests/faults/test_framing.py::test_id_with_encoded_slash_is_one_id",
    "second-call": "tests/faults/test_framing.py::test_thousand_requests_stay_on_one_connection",
    "split": "tests/faults/test_batches.py::test_guilty_row_is_refused_and_neighbours_are_stored[23514-row fails in mid-batch]",
    "resume-run": "tests/faults/test_framing.py::test_two_requests_in_one_segment_get_two_answers_in_order",
    "duplicates": "tests/api/test_errors.py::test_body_that_is_not_json_is_400",
    "seller-lock": "tests/api/test_lists_by_hand.py::test_who_comes_second_waits_for_who_was_first",
    "dismissal": "tests/faults/test_safeties.py::test_import_that_waits_when_its_time_to_stop_has_come_is_answered",
    "commit-check": "store/link test_link_sync_commit_that_fails_shows_at_the_sync",
    "connect-timer": "store/link_life test_link_connect_silent_server_is_given_up",
    "write-watch": "store/link test_link_query_large_parameters_do_not_block",
}
# Without this one the test's own patience has to end: a minute.
SLOW = {"connect-timer"}


def build_without(safety: str, target: str) -> Path:
    """Objects that do not mention the safety are taken from the build that is there, anew each time: what they depend on is known of that one."""
    flag = "WITHOUT_" + safety.replace("-", "_").upper()
    whole, out = REPOSITORY / "build/release", REPOSITORY / f"build/release-without-{safety}"
    if whole.exists():
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(whole, out, copy_function=shutil.copy2)
        (out / "store-tests").unlink(missing_ok=True)
    for source in REPOSITORY.glob("service/*/*.c"):
        if flag in source.read_text(encoding="utf-8"):
            (out / source.relative_to(REPOSITORY).with_suffix(".o")).unlink(missing_ok=True)
    done = subprocess.run(["make", "-s", f"WITHOUT={safety}", target], cwd=REPOSITORY, capture_output=True, text=True, timeout=BUILD_S)
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.mark.parametrize("safety", [name for name, test in SAFETIES.items() if "::" in test])
def test_program_without_a_safety_fails_its_test(safety: str) -> None:
    out = build_without(safety, "build")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", SAFETIES[safety]], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=TEST_S, env={**os.environ, "SWEETSPOT_BINARY": str(out / "sweetspot")})
    assert done.returncode == 1, done.stdout[-3000:]


@pytest.mark.parametrize("safety", [pytest.param(name, marks=[pytest.mark.nightly] if name in SLOW else []) for name, test in SAFETIES.items()
                                    if "::" not in test])
def test_store_without_a_safety_fails_its_test(safety: str, database: Database) -> None:
    out = build_without(safety, "store-tests")
    suite, test = SAFETIES[safety].split()
    done = subprocess.run([str(out / "store-tests")], cwd=REPOSITORY, capture_output=True, text=True, timeout=TEST_S,
                          env={**os.environ, "CK_RUN_SUITE": suite})
    assert done.returncode != 0
    assert f":{test}:" in done.stdout, done.stdout[-3000:]


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
        wait_for(lambda: own_database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"),
                 10, "the import to wait")
        server.signal(signal.SIGTERM)
        started = time.monotonic()
        assert server.process.wait(20) == 0, server.log_text()[-3000:]
        assert time.monotonic() - started < 10
    finally:
        connection.rollback()
        connection.close()
        thread.join(20)
    assert [answer.status for answer in answers] == [503]
