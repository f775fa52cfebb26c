# SPDX-License-Identifier: Apache-2.0
"""Operations: liveness, readiness, metrics that parse and move, the OpenAPI file, and the commands' manners."""
from __future__ import annotations

import re
import signal
import subprocess
import time
from typing import Callable

from .client import Client
from .routes import routes
from .server import REPOSITORY, Database, Server, Workspace, binary, run, wait_for

SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*")*\})? '
                    r'(-?[0-9.eE+-]+|NaN|[+-]Inf)$')


def metrics(client: Client) -> dict[str, float]:
    """Every sample by name and labels; fails on a line that is none."""
    answer = client.get("/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
    found: dict[str, float] = {}
    typed: set[str] = set()
    for line in answer.body.decode().splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif line and not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            assert match[1] in typed or re.sub("_(bucket|sum|count)$", "", match[1]) in typed, f"no TYPE for {match[1]}"
            key = match[1] + (match[2] or "")
            assert key not in found, f"twice: {key}"
            found[key] = float(match[3])
    return found


def test_livez_and_readyz_are_open_and_well(server: Server) -> None:
    client = server.client()
    assert (client.get("/livez").status, client.get("/readyz").status) == (200, 200)


def test_metrics_parse_and_histograms_are_cumulative(client: Client) -> None:
    client.store("accounts", "a", {"name": "A"})
    found = metrics(client)
    for stem in {key.split("_bucket{")[0] for key in found if "_bucket{" in key}:
        groups: dict[str, list[tuple[float, float]]] = {}
        for key, value in found.items():
            if key.startswith(stem + "_bucket{"):
                bound = re.search(r'le="([^"]+)"', key)[1]
                groups.setdefault(re.sub(r',?le="[^"]+"', "", key), []).append((float(bound.replace("+Inf", "inf")), value))
        for buckets in groups.values():
            counts = [count for _, count in sorted(buckets)]
            assert counts == sorted(counts) and sorted(buckets)[-1][0] == float("inf"), stem
    text = " ".join(found)
    for word in ("request", "batch", "queue", "lag", "reconnect", "review"):
        assert word in text, f"no metric about {word}"


def test_metrics_count_what_happens(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    server = new_server()
    workspace = new_workspace(server)
    before = metrics(server.client())
    for number in range(7):
        workspace.client.store("accounts", f"a{number}", {"name": "A"})
    after = metrics(server.client())
    grown = {key: after[key] - before.get(key, 0) for key in after if key.split("{")[0].endswith(("_count", "_total"))}
    assert any(value == 7 for key, value in grown.items() if "PUT" in key or "write" in key or "batch" in key), grown


def test_metrics_on_a_listener_of_their_own(new_server: Callable[..., Server], database: Database) -> None:
    server = new_server(metrics_listen="127.0.0.1:0")
    assert server.client().get("/metrics").status == 404
    assert server.client().get("/livez").status == 200


def test_openapi_is_served_as_it_stands(client: Client) -> None:
    answer = client.get("/openapi.yaml")
    assert answer.status == 200
    if routes():
        assert answer.body == (REPOSITORY / "openapi.yaml").read_bytes()


def test_cors_lets_in_the_origins_of_the_setting_alone(new_server: Callable[..., Server]) -> None:
    client = new_server(cors_origins="https://app.example").client()
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    answer = client.call("OPTIONS", "/v1/accounts/a", headers=preflight)
    assert answer.status in (200, 204) and answer.headers["access-control-allow-origin"] == "https://app.example"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    other = client.call("OPTIONS", "/v1/accounts/a", headers={**preflight, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_stop_is_quick_and_clean_without_load(new_server: Callable[..., Server]) -> None:
    server = new_server()
    assert server.client().get("/livez").status == 200
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5


def test_draining_says_503_on_readyz_and_still_serves(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    server = new_server(drain_ms=2000)
    workspace = new_workspace(server)
    server.signal(signal.SIGTERM)
    wait_for(lambda: server.client().get("/readyz").status == 503, 2, "readyz to say 503")
    assert workspace.client.put("/v1/accounts/a", {"name": "A"}).status == 201
    assert server.process.wait(20) == 0


def test_commands_refuse_what_they_do_not_know(database: Database) -> None:
    for arguments in (["nonsense"], ["serve", "--colour", "red"], ["key", "create", "--workspace", "no such one", "--role", "read"],
                      ["workspace", "create", "x", "--currency", "euro"]):
        done = subprocess.run([binary(), *arguments], env={"DATABASE_URL": database.url}, capture_output=True, text=True, timeout=60)
        assert done.returncode != 0 and done.stderr.strip(), arguments
    assert "SWEETSPOT_LISTEN" in run(database, "--help")


def test_routes_are_printed_without_a_database() -> None:
    done = subprocess.run([binary(), "routes"], env={}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "GET /livez none\n" in done.stdout and not done.stderr
    assert subprocess.run([binary(), "routes", "--listen", "x"], env={}, capture_output=True, timeout=60).returncode == 2


def test_migrate_by_many_at_once_is_safe(own_database: Database) -> None:
    environment = {"DATABASE_URL": own_database.url}
    own_database.rows("DROP SCHEMA public CASCADE")
    own_database.rows("CREATE SCHEMA public")
    processes = [subprocess.Popen([binary(), "migrate"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(6)]
    ends = [(process.wait(60), process.stderr.read()) for process in processes]
    assert all(code == 0 for code, _ in ends), ends
    assert own_database.value("SELECT count(*) FROM workspace") == 0
