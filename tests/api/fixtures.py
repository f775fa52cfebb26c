# SPDX-License-Identifier: Apache-2.0
"""Fixtures of tests/api and tests/faults: a database, servers, a workspace for each test."""
from __future__ import annotations

import os
import subprocess
from typing import Any, Callable, Iterator

import pytest

from .client import Client
from .server import REPOSITORY, Database, Server, Workspace, run

STARTER = ("import os, sys; print(os.environ['DATABASE_URL'], os.environ['SWEETSPOT_TEST_PGDIR'], sep='\\n', flush=True); "
           "sys.stdin.read()")


def configure(config: pytest.Config) -> None:
    """Markers; called from pytest_configure."""
    config.addinivalue_line("markers", "nightly: takes long; runs when SWEETSPOT_NIGHTLY is set")


def skip_nightly(items: list[pytest.Item]) -> None:
    if os.environ.get("SWEETSPOT_NIGHTLY"):
        return
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(pytest.mark.skip(reason="nightly: set SWEETSPOT_NIGHTLY=1"))


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """DATABASE_URL as the runner gave it; else a PostgreSQL of our own, which ends when its standard input does."""
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    process = subprocess.Popen([str(REPOSITORY / "tests" / "with-postgres"), "/usr/bin/python3", "-c", STARTER],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    os.environ["DATABASE_URL"] = process.stdout.readline().strip()
    os.environ["SWEETSPOT_TEST_PGDIR"] = process.stdout.readline().strip()
    yield os.environ.pop("DATABASE_URL")
    process.stdin.close()
    process.wait(60)


@pytest.fixture(scope="session")
def database(database_url: str) -> Database:
    """The session's database; migrating twice is part of the contract."""
    database = Database(database_url)
    run(database, "migrate")
    run(database, "migrate")
    return database


@pytest.fixture(scope="session")
def server(database: Database) -> Iterator[Server]:
    """The server most tests share. It must live to the end, and end well."""
    server = Server(database)
    yield server
    assert server.is_running(), f"the server died\n{server.log_text()[-4000:]}"
    assert server.stop() == 0, server.log_text()[-4000:]


@pytest.fixture(scope="session")
def second_server(database: Database) -> Iterator[Server]:
    """Another instance on the same database."""
    server = Server(database)
    yield server
    assert server.stop() == 0, server.log_text()[-4000:]


@pytest.fixture
def new_server(database: Database) -> Iterator[Callable[..., Server]]:
    """Start servers with settings of their own: new_server(request_ms=1000). Ended afterwards."""
    started: list[Server] = []

    def start(on: Database | None = None, **settings: Any) -> Server:
        started.append(Server(on or database, **settings))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def own_database(database: Database) -> Iterator[Database]:
    """A database that no other server's background jobs look into."""
    other = database.create()
    yield other
    other.drop()


@pytest.fixture
def new_workspace(server: Server) -> Callable[..., Workspace]:
    """Make an isolated workspace with its admin key: new_workspace(currency="JPY")."""
    return lambda on=None, **settings: Workspace(on or server, **settings)


@pytest.fixture
def workspace(new_workspace: Callable[..., Workspace]) -> Workspace:
    return new_workspace()


@pytest.fixture
def client(workspace: Workspace) -> Client:
    """The admin's connection to the test's own workspace."""
    return workspace.client
