# SPDX-License-Identifier: Apache-2.0
"""The binary under test: its commands, servers on ports of their own, and the database they share."""
from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, TypeVar

import psycopg2

from .client import Client

REPOSITORY = Path(__file__).resolve().parents[2]
START_S = 30
STOP_S = 40
# No review but those a test asks for; tests about provisional reviews start a server of their own.
NEVER_MS = "86400000"

Result = TypeVar("Result")


def binary() -> str:
    """The program under test."""
    named = os.environ.get("SWEETSPOT_BINARY")
    found = [named] if named else [str(REPOSITORY / path) for path in ("build/sweetspot", "build/release/sweetspot")]
    for path in found:
        if os.access(path, os.X_OK):
            return path
    raise RuntimeError(f"no program to test at {' or '.join(found)}: make build, or name one in SWEETSPOT_BINARY")


def wait_for(condition: Callable[[], Result], seconds: float, what: str, pause: float = 0.02) -> Result:
    """The first true result of the condition; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Database:
    """One PostgreSQL database, migrated."""

    def __init__(self, url: str) -> None:
        self.url = url

    def connect(self) -> Any:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        return connection

    def rows(self, sql: str, *values: Any) -> list[tuple]:
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def value(self, sql: str, *values: Any) -> Any:
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def waiting(self) -> int:
        """Sessions that wait for a row or a table. A review's flip, which may come between, waits for an advisory lock."""
        return self.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event <> 'advisory'"
                          " AND datname = current_database()")

    def create(self) -> Database:
        """Another database on the same server, empty but for the schema."""
        name = "sweetspot_" + secrets.token_hex(4)
        self.rows(f"CREATE DATABASE {name}")
        other = Database(re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", rf"\g<1>{name}", self.url))
        run(other, "migrate")
        return other

    def drop(self) -> None:
        """Remove it; everybody must have left."""
        name = re.sub(r"^postgres(?:ql)?://[^/]*/([^?]*).*", r"\1", self.url)
        Database(self.url.replace(f"/{name}", "/postgres", 1)).rows(f"DROP DATABASE {name} WITH (FORCE)")


def run(database: Database, *arguments: str, expect: int = 0) -> str:
    """Run one command to its end; its standard output."""
    done = subprocess.run([binary(), *arguments], env={**os.environ, "DATABASE_URL": database.url}, capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == expect, f"{arguments}: exit {done.returncode}, expected {expect}\n{done.stdout}{done.stderr}"
    return done.stdout


class Server:
    """One `sweetspot serve` on a port that it picks itself."""

    def __init__(self, database: Database, **settings: Any) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SWEETSPOT_")}
        environment.update({"DATABASE_URL": database.url, "SWEETSPOT_LISTEN": "127.0.0.1:0", "SWEETSPOT_WORKERS": "2",
                            "SWEETSPOT_PROVISIONAL_MS": NEVER_MS, "SWEETSPOT_LOG_LEVEL": "warn",
                            # Small books go both ways: little is settled, more is written as an edition.
                            "SWEETSPOT_SETTLE_ROWS": "3"})
        environment.update({f"SWEETSPOT_{name.upper()}": str(value) for name, value in settings.items()})
        self.database = database
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([binary(), "serve"], env=environment, stdout=subprocess.PIPE, stderr=self.log)
        self.address = self._wait_for_address()
        # What it says later must not fill the pipe.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def client(self, key: str | None = None, **settings: Any) -> Client:
        return Client(self.address, key, **settings)

    def log_text(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def rss_bytes(self) -> int:
        """Resident memory now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """End it as an operator would; its exit code."""
        if self.is_running():
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop within {STOP_S} s of SIGTERM\n{self.log_text()[-4000:]}") from None

    def kill(self) -> None:
        if self.is_running():
            self.process.kill()
        self.process.wait()

    def _wait_for_address(self) -> tuple[str, int]:
        watchdog = threading.Timer(START_S, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                match = re.match(rb"listening on http://\[?([^\]/]+?)\]?:(\d+)\s*$", line)
                if match:
                    return match.group(1).decode(), int(match.group(2))
        finally:
            watchdog.cancel()
        raise AssertionError(f"no \"listening on\" line; exit code {self.process.wait()}\n{self.log_text()[-4000:]}")


class Workspace:
    """A book of its own with its admin key, reached through one server (or several)."""

    def __init__(self, server: Server, currency: str = "EUR", name: str | None = None) -> None:
        self.server = server
        self.database = server.database
        self.name = name or "w-" + secrets.token_hex(6)
        self.key = run(self.database, "workspace", "create", self.name, "--currency", currency).strip()
        self.id = self.database.value("SELECT id FROM workspace WHERE name = %s", self.name)
        self.client = server.client(self.key)

    def new_key(self, role: str) -> str:
        return run(self.database, "key", "create", "--workspace", self.name, "--role", role).strip()

    def client_for(self, role: str) -> Client:
        return self.server.client(self.new_key(role))

    def sql(self, statement: str, *values: Any) -> list[tuple]:
        """Rows of a statement whose first parameter is the workspace."""
        return self.database.rows(statement, self.id, *values)

    def value(self, statement: str, *values: Any) -> Any:
        rows = self.sql(statement, *values)
        return rows[0][0] if rows else None

    def wait_settled(self, seconds: float = 60) -> None:
        """Until the newest policy, its pinned day and every requested review are in force."""
        wait_for(lambda: self.value(_SETTLED), seconds, f"policy, day and reviews of {self.name} in force")

    def pin(self, today: str, **patch: Any) -> None:
        """Move D, with other policy fields, and wait until it is in force."""
        self.client.expect(200, "PATCH", "/v1/policy", {"today": today, "acknowledge": "a test", **patch})
        self.wait_settled()

    def review(self) -> dict[str, Any]:
        """Post a review and wait for it."""
        return self.client.expect(200, "POST", "/v1/reviews", {}, {"Prefer": "wait=30"})


_SETTLED = """
SELECT w.next_epoch IS NULL
       AND w.policy = p.version
       AND w.day = coalesce((p.document ->> 'today')::date, (now() AT TIME ZONE 'UTC')::date)
       AND NOT EXISTS (SELECT FROM review WHERE workspace_id = w.id AND state IN ('waiting', 'computing', 'writing'))
  FROM workspace AS w
       JOIN LATERAL (SELECT version, document FROM policy WHERE workspace_id = w.id ORDER BY version DESC LIMIT 1) AS p ON true
 WHERE w.id = %s"""
