# SPDX-License-Identifier: Apache-2.0
"""Doing harm to the test's own PostgreSQL: killing backends, crashing and restarting it, freezing it."""
from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from api.server import Database


class PrivatePostgres:
    """The cluster in SWEETSPOT_TEST_PGDIR, which tests/with-postgres made and removes."""

    def __init__(self) -> None:
        named = os.environ.get("SWEETSPOT_TEST_PGDIR")
        if not named:
            pytest.skip("NOT CHECKED: DATABASE_URL is a server that is not ours to harm (no SWEETSPOT_TEST_PGDIR)")
        place = Path(named)
        if (place / "location").is_file():
            place = Path((place / "location").read_text().strip())
        self.place = place
        self.data = place / "data"

    @property
    def pid(self) -> int:
        """The postmaster's."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        assert Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve(), "postmaster.pid names another process"
        return pid

    def processes(self) -> list[int]:
        """The postmaster and its children."""
        pid = self.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def kill_backend(self, database: Database) -> None:
        """kill -9 one backend that a server uses: PostgreSQL then throws all of them out and recovers."""
        rows = database.rows("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                             " AND datname = current_database() ORDER BY (state = 'active') DESC, query_start DESC LIMIT 1")
        assert rows, "no backend to kill"
        os.kill(rows[0][0], signal.SIGKILL)

    def crash_and_restart(self) -> None:
        """Immediate restart: nobody is asked, recovery follows."""
        self._control("restart", "-m", "immediate", "-l", str(self.place / "log"))

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens any more, connections break."""
        self._control("stop", "-m", "immediate")
        try:
            yield
        finally:
            # It is not running, so this starts it, with the options that it had.
            self._control("restart", "-l", str(self.place / "log"))

    def _control(self, action: str, *options: str) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        command = [str(programs / "pg_ctl"), action, "-D", str(self.data), "-w", "-t", "60", "-s", *options]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Nothing of it runs, no connection breaks."""
        stopped = self.processes()
        try:
            for pid in stopped:
                _send(pid, signal.SIGSTOP)
            # What the postmaster forked before it stopped.
            late = [pid for pid in self.processes() if pid not in stopped]
            stopped += late
            for pid in late:
                _send(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in reversed(stopped):
                _send(pid, signal.SIGCONT)


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
