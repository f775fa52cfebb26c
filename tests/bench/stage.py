# SPDX-License-Identifier: Apache-2.0
"""Who takes part: a database with a book, Sweetspot, Fastify, and the loads wrk and pgbench. Whatever is started here ends with us."""
from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import psycopg2

from book import FIRST_ID

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
STATEMENTS = REPOSITORY / "service/store/sql"
PROGRAM = os.environ.get("SWEETSPOT_BINARY", str(REPOSITORY / "build/sweetspot"))
WORKERS = 2
START_S = 60
# As a worker's links have it (service/store/link.c), so that the same SQL gets the same plan.
SESSION = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off"
NEVER_MS = "86400000"


class BenchFailure(Exception):
    """A load or a step did not do what it should: nothing measured with it counts."""


def command(*arguments: str, seconds: float = 600, **environment: str) -> str:
    """Run it to its end, bounded; its standard output."""
    try:
        done = subprocess.run(arguments, env={**os.environ, **environment}, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise BenchFailure(f"{arguments[0]}: not done within {seconds} s") from None
    if done.returncode != 0:
        raise BenchFailure(f"{' '.join(arguments[:3])}: exit {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


class Database:
    """A database of its own on the server that tests/with-postgres gave us, with one workspace."""

    def __init__(self, name: str) -> None:
        given = os.environ["DATABASE_URL"]
        self.name = name
        self.url = re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", rf"\g<1>{name}", given)
        with_given = psycopg2.connect(given)
        with_given.autocommit = True
        with_given.cursor().execute(f"CREATE DATABASE {name}")
        with_given.close()
        self.program("migrate")
        self.key = self.program("workspace", "create", "bench", "--currency", "EUR").strip()
        self.connection = psycopg2.connect(self.url)
        self.connection.autocommit = True
        self.workspace = self.value("SELECT id FROM workspace")
        self.run(sql("peer_tables"))

    def program(self, *arguments: str) -> str:
        return command(PROGRAM, *arguments, DATABASE_URL=self.url)

    def run(self, text: str, **values: Any) -> int:
        """Rows touched by the last statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(text, values or None)
            return cursor.rowcount

    def value(self, text: str) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchone()[0]

    def rows_written(self) -> int:
        """Rows of the book that were ever inserted, updated or deleted; exact once everybody else has left."""
        self.run("SELECT pg_stat_clear_snapshot()")
        return int(self.value("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'public' "
                              "AND relname IN ('standing', 'organisation', 'change', 'touched', 'revenue_day')"))

    def wait_settled(self) -> None:
        """Until no flip is under way or has left anything behind."""
        deadline = now() + 600
        while self.value("SELECT count(*) FROM workspace WHERE next_epoch IS NOT NULL OR unswept OR day <> (now() AT TIME ZONE 'UTC')::date") > 0:
            if now() > deadline:
                raise BenchFailure("a flip does not end")
            time.sleep(0.02)

    def wait_alone(self) -> None:
        """Until those who have left have also counted what they wrote."""
        deadline = now() + 30
        while self.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'") > 1:
            if now() > deadline:
                raise BenchFailure("somebody is still connected to the database")
            time.sleep(0.1)

    def drop(self) -> None:
        self.connection.close()
        with_given = psycopg2.connect(os.environ["DATABASE_URL"])
        with_given.autocommit = True
        with_given.cursor().execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        with_given.close()


def get(url: str, key: str) -> dict[str, Any]:
    return json.loads(command("curl", "-sS", "--fail-with-body", "-m", "60", "-H", f"Authorization: Bearer {key}", url))


def sql(name: str) -> str:
    return (HERE / "sql" / f"{name}.sql").read_text(encoding="utf-8")


class Process:
    """A server of ours on 127.0.0.1, at a port that it picks, until its `with` ends."""

    def __init__(self, arguments: list[str], **environment: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SWEETSPOT_")}
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(arguments, env={**inherited, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log)
        try:
            self.url = self._wait_for_url()
        except BaseException:
            self.stop()
            raise
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def log_lines(self) -> list[str]:
        self.log.seek(0)
        return self.log.read().decode(errors="replace").splitlines()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait_for_url(self) -> str:
        watchdog = threading.Timer(START_S, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                match = re.match(r"listening on (http://\S+)", line.decode())
                if match:
                    return match.group(1)
        finally:
            watchdog.cancel()
        raise BenchFailure("a server did not start:\n" + "\n".join(self.log_lines()[-20:]))


class Sweetspot(Process):
    """`sweetspot serve`. peak_kib is the most memory any of them had resident."""

    peak_kib = 0

    def __init__(self, database: Database, **settings: str) -> None:
        environment = {f"SWEETSPOT_{name.upper()}": value for name, value in settings.items()}
        super().__init__(["setpriv", "--pdeathsig", "TERM", PROGRAM, "serve", "--workers", str(WORKERS), "--listen", "127.0.0.1:0"],
                         DATABASE_URL=database.url, **environment)
        self.key = database.key
        self.database = database

    def post(self, path: str, *arguments: str, seconds: float) -> dict[str, Any]:
        """POST with curl; the body of the answer."""
        return self.get(path, "-X", "POST", *arguments, seconds=seconds)

    def get(self, path: str, *arguments: str, seconds: float) -> dict[str, Any]:
        answer = command("curl", "-sS", "--fail-with-body", "-m", str(seconds), "-H", f"Authorization: Bearer {self.key}",
                         *arguments, self.url + path, seconds=seconds + 5)
        return json.loads(answer)

    def stop(self) -> None:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
            Sweetspot.peak_kib = max(Sweetspot.peak_kib, int(re.search(r"VmHWM:\s+(\d+)", status).group(1)))
        except (OSError, AttributeError):
            pass
        super().stop()


class Beside:
    """Requests one behind the other on one connection, while its `with` lasts: how long the slowest took."""

    method: str

    def __init__(self, server: Sweetspot, accounts: int) -> None:
        self.slowest_s = 0.0
        self.count = 0
        self._server, self._accounts = server, accounts
        self._stop = threading.Event()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Beside:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure:
            raise BenchFailure(self._failure)

    def _run(self) -> None:
        connection = http.client.HTTPConnection(self._server.url.removeprefix("http://"), timeout=60)
        headers = {"Authorization": f"Bearer {self._server.key}", "Content-Type": "application/json"}
        while not self._stop.is_set():
            account = FIRST_ID + self.count * 7919 % self._accounts
            body = self.body()
            start = now()
            connection.request(self.method, f"/v1/accounts/{account}", body, headers)
            answer = connection.getresponse()
            answer.read()
            self.slowest_s = max(self.slowest_s, now() - start)
            self.count += 1
            if answer.status not in (200, 201):
                self._failure = f"{self.method} beside a long job: {answer.status}"
                return
        connection.close()

    def body(self) -> str | None:
        return None


class Gets(Beside):
    """Reads of accounts."""

    method = "GET"


class Puts(Beside):
    """Writes of accounts."""

    method = "PUT"

    def body(self) -> str:
        return json.dumps({"name": f"Account {self.count}", "employees": self.count % 5000 + 1, "industry": "retail"})


class Fastify(Process):
    """The peer in Node."""

    def __init__(self, database: Database) -> None:
        super().__init__([os.environ["BENCH_NODE"], str(HERE / "peer/server.js")], DATABASE_URL=database.url, NODE_ENV="production",
                         BENCH_WORKSPACE=str(database.workspace), BENCH_WORKERS=str(WORKERS))


def wrk(url: str, case: str, accounts: int, key: str, connections: int, seconds: int, paths: Path | None = None) -> dict[str, float]:
    """One load; any answer but 2xx makes it void."""
    out = command("wrk", "-t", "2", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s", "--latency", "-s", str(HERE / "load.lua"), url, "--", case,
                  str(FIRST_ID), str(accounts), key, *([str(paths)] if paths else []), seconds=seconds + 60)
    figures = json.loads(re.search(r"^bench (\{.*\})$", out, re.MULTILINE).group(1))
    if figures["errors"]:
        raise BenchFailure(f"wrk {case}: {figures['errors']} errors\n{out}")
    return figures


def pgbench(database: Database, script: str, seconds: int) -> dict[str, float]:
    """One load of 16 clients, prepared."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        out = command("pgbench", "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", str(seconds), "-D", f"workspace={database.workspace}",
                      "-D", "tier=growth", "-f", file.name, database.url, seconds=seconds + 60, PGOPTIONS=SESSION)
    if not re.search(r"number of failed transactions: 0 ", out):
        raise BenchFailure(f"pgbench: {out}")
    return {"rate": float(re.search(r"^tps = ([\d.]+)", out, re.MULTILINE).group(1))}


def pgbench_script(path: Path, variables: str, *values: str) -> str:
    """A statement's file with its parameters replaced, for pgbench to send them as parameters again."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
    return variables + re.sub(r"\$(\d+)", lambda match: values[int(match.group(1)) - 1], text) + ";\n"


def in_turn(repeats: int, names: list[str]) -> Iterator[str]:
    """Each name so many times, alternating, and each repeat beginning with another."""
    for repeat in range(repeats):
        shift = repeat % len(names)
        yield from names[shift:] + names[:shift]


def now() -> float:
    return time.monotonic()
