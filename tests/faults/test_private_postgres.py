# SPDX-License-Identifier: Apache-2.0
"""cmd/private-postgres takes up what a first start of its own left that was cut short, and touches nothing of anybody else's."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

COMMAND = Path(__file__).parents[2] / "cmd" / "private-postgres"


def control(action: str, directory: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([COMMAND, action, directory], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=150)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """One that the user postgres can reach: pytest's own are closed."""
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    made = tmp_path / "pg"
    yield made
    control("stop", made)


def test_a_first_start_that_was_cut_short_is_begun_again(directory: Path) -> None:
    """Ctrl-C while the cluster is made: initdb removes it, what was there before remains."""
    (directory / "socket").mkdir(parents=True)
    (directory / ".lock").touch()
    if os.geteuid() == 0:
        for each in (directory, directory / "socket"):
            shutil.chown(each, "postgres")
    started = control("start", directory)
    assert started.returncode == 0, started.stderr
    assert started.stdout.startswith("postgresql:///sweetspot?host=")
    assert control("status", directory).stdout == started.stdout


def test_a_directory_that_holds_something_else_is_refused(directory: Path) -> None:
    directory.mkdir()
    (directory / "thesis.txt").write_text("mine")
    started = control("start", directory)
    assert started.returncode != 0 and "neither empty nor a directory of mine" in started.stderr
    assert [each.name for each in directory.iterdir() if each.name != ".lock"] == ["thesis.txt"]
