# SPDX-License-Identifier: Apache-2.0
"""Measures Sweetspot beside its peers and prints one table; called by tests/bench/run, which see for the settings."""
from __future__ import annotations

import datetime
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

from book import ENTRIES_PER_ACCOUNT, FIRST_ID, INDUSTRIES, REGIONS, write_accounts, write_revenue
from stage import (HERE, NEVER_MS, REPOSITORY, STATEMENTS, BenchFailure, Database, Fastify, Gets, Process, Puts, Sweetspot, get, in_turn, now,
                   pgbench, pgbench_script, sql, wrk)

FULL = os.environ.get("BENCH_FULL") == "1"
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS") or (1_000_000 if FULL else 100_000))
SECONDS = int(os.environ.get("BENCH_SECONDS") or 5)
REPEATS = int(os.environ.get("BENCH_REPEATS") or 3)
IMPORT_REPEATS = REPEATS if ACCOUNTS <= 100_000 else 1
SIZES = [10_000, 100_000] + ([1_000_000] if FULL else [])
REVIEWS = [int(size) for size in os.environ.get("BENCH_REVIEWS", "").split()] or [size for size in SIZES if size <= ACCOUNTS] or [ACCOUNTS]
ONLY = os.environ.get("BENCH_ONLY", "read page put import review simulation").split()
WITH_NODE = bool(os.environ.get("BENCH_NODE"))
WARM_S = 2
IMPORT_S = 7200
REVIEW_S = 600
PATIENT_MS = "600000"
MEMORY_MIB = 256
Load = Callable[[int], dict[str, float]]


class Table:
    """The lines that are printed: one a figure and peer."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, ...]] = []
        self.short = 0
        self.notes: list[str] = []

    def _add(self, figure: str, ours: str, peer: str, theirs: str, ratio: str, target: str, met: bool | None) -> None:
        self.short += met is False
        self.lines.append((figure, ours, peer, theirs, ratio, target, {True: "ok", False: "FALLS SHORT", None: ""}[met]))

    def rate(self, figure: str, ours: float, peer: str, theirs: float, least: float) -> None:
        """More is better: at least so many times the peer's."""
        self._add(figure, f"{ours:,.0f}/s", peer, f"{theirs:,.0f}/s", f"{ours / theirs:.2f}", f">= {least:g}", ours / theirs >= least)

    def time(self, figure: str, ours_s: float, peer: str, theirs_s: float, most: float) -> None:
        """Less is better: at most so many times the peer's."""
        self._add(figure, seconds_text(ours_s), peer, seconds_text(theirs_s), f"{ours_s / theirs_s:.2f}", f"<= {most:g}", ours_s / theirs_s <= most)

    def bound(self, figure: str, ours: str, target: str, met: bool | None) -> None:
        self._add(figure, ours, "", "", "", target, met)

    def text(self) -> str:
        head = ("figure", "Sweetspot", "peer", "peer's", "ratio", "target", "")
        widths = [max(len(line[i]) for line in [head, *self.lines]) for i in range(len(head))]

        def row(line: tuple[str, ...]) -> str:
            cells = [cell.rjust(width) if i in (1, 3, 4) else cell.ljust(width) for i, (cell, width) in enumerate(zip(line, widths))]
            return "  ".join(cells).rstrip()

        return "\n".join([row(head), "  ".join("-" * width for width in widths), *map(row, self.lines), *self.notes])


def seconds_text(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def medians(repeats: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in repeats) for name in repeats[0]}


# ---- Import ----

def import_ours(server: Sweetspot, kind: str, path: Path) -> float:
    start = now()
    answer = server.post(f"/v1/{kind}:import", "-H", "Content-Type: text/csv", "-T", str(path), seconds=IMPORT_S)
    taken = now() - start
    if answer["rejected"]:
        raise BenchFailure(f"import of {kind}: {answer}")
    return taken


INCOMING = {"accounts": "id text, name text, industry text, region text, employees bigint, client_since date",
            "revenue": 'id text, organisation text, amount numeric, "on" date, line text'}


def import_peer(database: Database, kind: str, path: Path) -> float:
    database.connection.autocommit = False
    start = now()
    with database.connection.cursor() as cursor, path.open(encoding="utf-8") as file:
        cursor.execute(f"CREATE TEMP TABLE incoming ({INCOMING[kind]}) ON COMMIT DROP")
        cursor.copy_expert("COPY incoming FROM STDIN (FORMAT csv, HEADER)", file)
        cursor.execute(sql(f"import_{kind}"), {"workspace": database.workspace})
    database.connection.commit()
    taken = now() - start
    database.connection.autocommit = True
    return taken


def write_book(folder: Path, accounts: int) -> dict[str, Path]:
    files = {kind: folder / f"{kind}-{accounts}.csv" for kind in INCOMING}
    write_accounts(files["accounts"], accounts)
    write_revenue(files["revenue"], accounts, accounts * ENTRIES_PER_ACCOUNT, "r")
    return files


def fill(database: Database, files: dict[str, Path], peer: bool = True) -> tuple[float, float]:
    """The book into the service and, beside it, into the peer's tables: seconds each took."""
    ours = theirs = 0.0
    with Sweetspot(database) as server:
        for kind, path in files.items():
            ours += import_ours(server, kind, path)
            if peer:
                theirs += import_peer(database, kind, path)
    return ours, theirs


def fill_directly(database: Database, accounts: int) -> float:
    """A book for reviews and simulations alone, past the service; seconds that the refresh takes by which it gets its measures."""
    database.run(sql("fill_book"), workspace=database.workspace, accounts=accounts)
    database.run("VACUUM ANALYZE")
    with Sweetspot(database, provisional_ms=NEVER_MS):
        start = now()
        database.wait_settled()
        return now() - start


def measure_import(table: Table, folder: Path) -> Database:
    """Each repeat into a database of its own; the last one stays, for what follows."""
    files = write_book(folder, ACCOUNTS)
    repeats = IMPORT_REPEATS if "import" in ONLY else 1
    taken, database = [], None
    for repeat in range(repeats):
        if database:
            database.drop()
        database = Database(f"bench_{ACCOUNTS}_{repeat}")
        taken.append(fill(database, files))
        say(f"import: {taken[-1][0]:.1f} s, COPY and upsert {taken[-1][1]:.1f} s")
    if "import" in ONLY:
        ours, theirs = (statistics.median(side) for side in zip(*taken))
        table.time(f"import, {ACCOUNTS:,} accounts + {ACCOUNTS * ENTRIES_PER_ACCOUNT:,} entries", ours, "COPY + upsert", theirs, 4)
        table.bound("  rows a second", f"{ACCOUNTS * (1 + ENTRIES_PER_ACCOUNT) / ours:,.0f}/s", "", None)
    return database


# ---- Loads ----

PICK = f"\\set n random(0, {ACCOUNTS - 1})\n\\set id {FIRST_ID} + :n\n"


def compare(table: Table, figure: str, loads: dict[str, Load], times_fastify: float, with_p99: bool = False) -> None:
    """Run all in turn, each once before that counts; one line a peer."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in loads}
    for load in loads.values():
        load(WARM_S)
    for name in in_turn(REPEATS, list(loads)):
        found[name].append(loads[name](SECONDS))
        say(f"{figure}: {name} {found[name][-1]}")
    result = {name: medians(repeats) for name, repeats in found.items()}
    ours = result["Sweetspot"]
    table.rate(figure, ours["rate"], "pgbench", result["pgbench"]["rate"], 1)
    if "Fastify" in result:
        table.rate(figure, ours["rate"], "Fastify", result["Fastify"]["rate"], times_fastify)
        if with_p99:
            table.time(figure + ", p99", ours["p99_ms"] / 1000, "Fastify", result["Fastify"]["p99_ms"] / 1000, 1)
    elif with_p99:
        table.bound(figure + ", p99", f"{ours['p99_ms']:.0f} ms", "", None)


def loads_of(database: Database, servers: dict[str, Process], case: str, connections: int, script: str,
             paths: dict[str, Path] | None = None) -> dict[str, Load]:
    def http(name: str, server: Process) -> Load:
        return lambda seconds: wrk(server.url, case, ACCOUNTS, database.key, connections, seconds, paths and paths[name])

    loads = {name: http(name, server) for name, server in servers.items()}
    loads["pgbench"] = lambda seconds: pgbench(database, script, seconds)
    return loads


class Pages:
    """Pages of 50 of one tier, in one order: which there are, and how each server and pgbench are asked for them."""

    MOST = 500

    def __init__(self, sort: str, statement: str, first: tuple[str, ...], anywhere: tuple[str, ...], variables: str) -> None:
        """first, anywhere: the statement's parameters that say behind what, for the first page and with the variables' values."""
        self.sort, self.statement, self.first, self.anywhere, self.variables = sort, statement, first, anywhere, variables
        self.base = f"/v1/accounts?tier=growth&sort={sort}&limit=50"

    def paths(self, database: Database, server: Process) -> dict[str, list[str]]:
        """By server: its paths of the same pages, the first page first."""
        found: dict[str, list[str]] = {"Sweetspot": [self.base], "Fastify": [self.base]}
        while len(found["Sweetspot"]) < self.MOST:
            page = get(server.url + found["Sweetspot"][-1], database.key)
            if len(page["data"]) < 50 or page["next_cursor"] is None:
                break
            last = page["data"][-1]
            found["Sweetspot"].append(f"{self.base}&cursor={page['next_cursor']}")
            found["Fastify"].append(f"{self.base}&key={round(last['classification']['potential'] * 100)}&id={last['id']}")
        return {name: paths[:-1] or paths for name, paths in found.items()}  # the last may be short

    def script(self, behind: tuple[str, ...], tail: tuple[str, ...]) -> str:
        variables = self.variables if behind == self.anywhere else ""
        return pgbench_script(STATEMENTS / f"{self.statement}.sql", variables, ":workspace", "true", "50", *behind, *tail)


def pages_by_potential(database: Database) -> Pages:
    """Anywhere: behind a potential at random, of those with 50 accounts behind them."""
    low = database.value("SELECT potential FROM standing_in_force WHERE tier = 'growth' AND is_account ORDER BY potential OFFSET 60 LIMIT 1")
    high = database.value("SELECT max(potential) FROM standing_in_force WHERE tier = 'growth' AND is_account")
    return Pages("-potential", "list_organisations_of_tier", (":tier", "9223372036854775807", "''"), (":tier", ":behind", "''"),
                 f"\\set behind random({low}, {high})\n")


def pages_by_id() -> Pages:
    """Anywhere: behind an id at random, of the first half, for the last may have fewer than 50 behind them."""
    return Pages("id", "list_organisations_by_id", ("''",), (":behind::text",), f"\\set behind {FIRST_ID} + random(0, {ACCOUNTS // 2})\n")


def measure_pages(table: Table, database: Database, servers: dict[str, Process], folder: Path) -> None:
    """The same page for all, and each time another."""
    for name, pages, tail in (("by potential", pages_by_potential(database), ("NULL",) * 4), ("by id", pages_by_id(), (":tier", *["NULL"] * 5))):
        paths = pages.paths(database, servers["Sweetspot"])
        expect_same_pages(database, servers, paths)
        for which, count, behind in (("the same for all", 1, pages.first), ("each another", Pages.MOST, pages.anywhere)):
            files = {}
            for server in servers:
                files[server] = folder / f"paths-{server}"
                files[server].write_text("".join(f"{path}\n" for path in paths[server][:count]), encoding="ascii")
            compare(table, f"page of 50 by tier, {name}, {which}",
                    loads_of(database, servers, "pages", 64, pages.script(behind, tail), files), 4)


def measure_loads(table: Table, database: Database, folder: Path) -> None:
    read = pgbench_script(STATEMENTS / "read_organisation.sql", PICK, "ARRAY[:workspace]", "ARRAY[:id]")
    put = pgbench_script(HERE / "sql/upsert_account.sql", PICK + "\\set more random(0, 9)\n\\set month 1 + mod(:n, 11)\n", ":workspace", ":id",
                         "('Account ' || :n::text)", one_of(INDUSTRIES), one_of(REGIONS),
                         "20 + mod(:n::bigint * 7919, 3000) + :more", "make_date(2020, :month, 1)")
    with Sweetspot(database, provisional_ms=NEVER_MS, request_ms=PATIENT_MS) as ours:
        servers: dict[str, Process] = {"Sweetspot": ours}
        if WITH_NODE:
            servers["Fastify"] = Fastify(database)
        try:
            review_ours(ours)
            database.run("VACUUM ANALYZE")
            if "read" in ONLY:
                compare(table, "one account by id", loads_of(database, servers, "get", 64, read), 2.5)
            if "page" in ONLY:
                measure_pages(table, database, servers, folder)
            for connections in (64, 256) if "put" in ONLY else ():
                compare(table, f"durable PUT, {connections} connections", loads_of(database, servers, "put", connections, put), 2.5, True)
        finally:
            if WITH_NODE and "Fastify" in servers:
                servers["Fastify"].stop()


def one_of(words: tuple[str, ...]) -> str:
    """In pgbench's SQL: what book.py says of account number n."""
    return f"('{{{','.join(words)}}}'::text[])[mod(:n, {len(words)}) + 1]"


def expect_same_pages(database: Database, servers: dict[str, Process], paths: dict[str, list[str]]) -> None:
    """All answer with the same accounts and the same of each, or else there is nothing to compare."""
    def told(account: dict[str, Any]) -> tuple[Any, ...]:
        return (account["id"], account["name"], account["employees"], account["stub"], account["created_at"][:19],
                account["measures"]["revenue_12m"], account["measures"]["lines_12m"], account["classification"]["potential"],
                account["classification"]["review"])

    count = len(paths["Sweetspot"])
    for i in sorted({0, count // 2, count - 1}):
        pages = {name: tuple(map(told, get(server.url + paths[name][i], database.key)["data"])) for name, server in servers.items()}
        if len(set(pages.values())) != 1 or len(pages["Sweetspot"]) != 50:
            raise BenchFailure(f"page {i} has not the same 50 accounts everywhere: {pages}")
        one = {name: told(get(f"{server.url}/v1/accounts/{pages[name][0][0]}", database.key)) for name, server in servers.items()}
        if set(one.values()) != {pages["Sweetspot"][0]}:
            raise BenchFailure(f"an account by id is not what its page says: {one}")


# ---- Review ----

STEPS = ("announce", "read", "compute", "freeze", "settle", "publish", "write", "flip")


def review_ours(server: Sweetspot) -> dict[str, float]:
    """Post one and wait; from requested_at to done_at, and where the time went, as the log tells."""
    answer = server.post("/v1/reviews", "-H", f"Prefer: wait={REVIEW_S}", seconds=REVIEW_S + 10)
    if answer["state"] != "done":
        raise BenchFailure(f"a review was not done within {REVIEW_S} s: {answer}")
    begin, end = (datetime.datetime.fromisoformat(answer[name].replace("Z", "+00:00")) for name in ("requested_at", "done_at"))
    steps = {}
    for line in server.log_lines():
        match = re.search(rf" review_step .*review={answer['review']} step=(\w+) ms=(\d+)", line)
        if match:
            steps[match.group(1)] = int(match.group(2)) / 1000
    server.database.wait_settled()
    return {"total": (end - begin).total_seconds(), "changed": answer["changed"], **steps}


def review_peer(database: Database) -> dict[str, float]:
    database.run("VACUUM bench.standing")
    database.connection.autocommit = False
    start = now()
    rows = database.run(sql("review"), workspace=database.workspace)
    database.connection.commit()
    taken = now() - start
    database.connection.autocommit = True
    return {"total": taken, "rows": rows}


def nudge(database: Database, server: Sweetspot, path: Path, accounts: int, series: int) -> None:
    """A tenth of the accounts gets another, larger entry: the cut-offs move, and with them most scores."""
    write_revenue(path, accounts, max(accounts // 10, 1), f"n{series}-", 3 + series)
    import_ours(server, "revenue", path)
    database.run(sql("review_prepare"))


def review_changing(database: Database, accounts: int, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Reviews that change most scores, ours and the peer's; `rows` is how many rows of standing each wrote."""
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with Sweetspot(database, provisional_ms=NEVER_MS, log_level="debug", request_ms=PATIENT_MS) as server:
        def review() -> None:
            begin = database.value("SELECT pg_current_xact_id()::text::bigint")
            ours.append(review_ours(server))
            ours[-1]["rows"] = database.value(f"SELECT count(*) FROM standing WHERE xmin::text::bigint > {begin}")

        review_ours(server)
        database.run(sql("review_prepare"))
        review_peer(database)
        for repeat in range(REPEATS):
            nudge(database, server, folder / "nudge.csv", accounts, repeat)
            database.run("VACUUM standing")
            sides = [review, lambda: theirs.append(review_peer(database))]
            for side in sides if repeat % 2 == 0 else reversed(sides):
                side()
            say(f"review of {accounts:,}: {ours[-1]}, SQL {theirs[-1]}")
    return medians(ours), medians(theirs)


def review_beside_puts(database: Database, accounts: int, folder: Path) -> Puts:
    """A review that changes most scores, while accounts are written one after the other."""
    with Sweetspot(database, provisional_ms=NEVER_MS, request_ms=PATIENT_MS) as server:
        nudge(database, server, folder / "nudge.csv", accounts, REPEATS)
        with Puts(server, accounts) as puts:
            review_ours(server)
        review_ours(server)
    return puts


def review_unchanging(database: Database) -> tuple[float, int]:
    """Reviews of a book that is as it was: median seconds, and the rows that all of them wrote."""
    database.wait_alone()
    before = database.rows_written()
    with Sweetspot(database, provisional_ms=NEVER_MS, request_ms=PATIENT_MS) as server:
        taken = statistics.median(review_ours(server)["total"] for _ in range(REPEATS))
    database.wait_alone()
    return taken, database.rows_written() - before


def measure_review(table: Table, database: Database, accounts: int, folder: Path) -> None:
    ours, theirs = review_changing(database, accounts, folder)
    figure = f"review of {accounts:,}"
    table.time(figure, ours["total"], "SQL", theirs["total"], 1)
    table.bound("  rows it wrote", f"{ours['rows']:,.0f} (SQL {theirs['rows']:,.0f})", "", None)
    if "compute" in ours:
        share = ours["compute"] / ours["total"]
        parts = ", ".join(f"{step} {ours[step] * 1000:,.0f}" for step in STEPS if step in ours)
        table.notes.append(f"{figure}, where the time goes, ms: " + parts + f", waiting {(ours['total'] - sum(ours.get(step, 0) for step in STEPS)) * 1000:,.0f}")
        table.bound("  compute's share", f"{share:.1%}", "<= 10%", share <= 0.1)
    puts = review_beside_puts(database, accounts, folder)
    table.bound("  slowest of the PUTs meanwhile", f"{puts.slowest_s * 1000:,.0f} ms of {puts.count:,}", "< 250 ms", puts.slowest_s < 0.25)
    taken, rows = review_unchanging(database)
    table.bound("  one that changes nothing", seconds_text(taken), "", None)
    table.bound("  rows that one writes", str(rows), "0", rows == 0)


def measure_reviews(table: Table, kept: Database, folder: Path) -> None:
    for accounts in REVIEWS:
        database = kept
        if accounts != ACCOUNTS:
            database = Database(f"bench_review_{accounts}")
            refresh_s = fill_directly(database, accounts)
            table.bound(f"first refresh of {accounts:,}", seconds_text(refresh_s), "", None)
        database.run("VACUUM ANALYZE")
        measure_review(table, database, accounts, folder)
        if database is not kept:
            database.drop()


# ---- Simulation ----

MEMORY_BYTES = 100
COMPUTE_MS = 2000


def simulated() -> dict[str, tuple[dict[str, object] | None, str]]:
    """What is asked for, nothing for the preview of a review, and the review it is judged under."""
    month_ago = str(datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=30))
    return {"review frozen": ({"policy": {"hour_cost": 45}}, "frozen"), "review made": ({"policy": {"key_pct": 40}}, "made"),
            "preview": (None, "made"), "day moved": ({"today": month_ago}, "frozen"),
            "day moved, review made": ({"today": month_ago, "policy": {"key_pct": 40}}, "made")}


def simulate(server: Sweetspot, body: dict[str, object] | None, review: str, accounts: int) -> dict[str, float]:
    """Its effort, as the server tells it."""
    if body is None:
        answer = server.get("/v1/reviews/preview", seconds=REVIEW_S)
    else:
        answer = server.post("/v1/simulations", "-H", "Content-Type: application/json", "-d", json.dumps(body), seconds=REVIEW_S)
    if answer["organisations"] != accounts or (body is not None and answer["under"]["review"] != review):
        raise BenchFailure(f"a simulation of another book, or of another review: {answer}")
    return answer["effort"]


def measure_simulation(table: Table, server: Sweetspot, accounts: int) -> None:
    for name, (body, review) in simulated().items():
        simulate(server, body, review, accounts)
        with Gets(server, accounts) as gets:
            taken = [simulate(server, body, review, accounts) for _ in range(REPEATS)]
        effort = medians(taken)
        say(f"simulation of {accounts:,}, {name}: {taken}, {gets.count} GETs")
        # What a book takes whatever its size, some 2.5 MiB, counts for little where the target is meant.
        large, bytes_each = accounts >= 1_000_000, effort["memory_bytes"] / accounts
        table.bound(f"simulation of {accounts:,}, {name}: reading", f"{effort['read_ms']:,.0f} ms", "", None)
        table.bound("  computing", f"{effort['compute_ms']:,.0f} ms", f"< {COMPUTE_MS:,} ms" if large else "",
                    effort["compute_ms"] < COMPUTE_MS if large else None)
        table.bound("  memory an organisation", f"{bytes_each:,.0f} bytes", f"< {MEMORY_BYTES} bytes" if large else "",
                    bytes_each < MEMORY_BYTES if large else None)
        table.bound("  slowest of the GETs meanwhile", f"{gets.slowest_s * 1000:,.0f} ms of {gets.count:,}", "", None)


def measure_simulations(table: Table) -> None:
    for accounts in REVIEWS:
        database = Database(f"bench_simulation_{accounts}")
        fill_directly(database, accounts)
        with Sweetspot(database, provisional_ms=NEVER_MS, request_ms=PATIENT_MS, desk_ms=PATIENT_MS) as server:
            review_ours(server)
            database.run("VACUUM ANALYZE")
            measure_simulation(table, server, accounts)
        database.drop()


# ---- All ----

def heading() -> str:
    commit = subprocess.run(["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False).stdout.strip()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (f"Sweetspot {commit or '(no git)'}, {ACCOUNTS:,} accounts, {REPEATS} repeats of {SECONDS} s ({IMPORT_REPEATS} of the import), medians; "
            f"{os.cpu_count()} cores ({platform.machine()}), load before {load}")


def main() -> int:
    # So that what was started here is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    table, head = Table(), heading()
    say(head)
    failure = None
    with tempfile.TemporaryDirectory(prefix="sweetspot-bench.") as name:
        folder = Path(name)
        try:
            # Simulations have books of their own.
            database = measure_import(table, folder) if set(ONLY) - {"simulation"} else None
            if {"read", "page", "put"} & set(ONLY):
                measure_loads(table, database, folder)
            if "review" in ONLY:
                measure_reviews(table, database, folder)
            if "simulation" in ONLY:
                measure_simulations(table)
        except BenchFailure as caught:
            failure = caught
    peak = Sweetspot.peak_kib / 1024
    table.bound("server memory, peak resident", f"{peak:.0f} MiB", f"< {MEMORY_MIB} MiB", peak < MEMORY_MIB)
    print(f"{head}\n\n{table.text()}\n")
    if not WITH_NODE:
        print("Fastify was NOT measured: no Node 20 or later with npm, or npm could not install it.")
    print(f"{table.short} of the targets: FALLS SHORT" if table.short else "every target that was measured is met")
    if failure:
        print(f"bench: stopped by a failure: {failure}", file=sys.stderr)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
