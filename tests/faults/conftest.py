# SPDX-License-Identifier: Apache-2.0
"""Makes the shared fixtures known to pytest."""
from __future__ import annotations

import pytest

from api.fixtures import *  # noqa: F401,F403 - pytest finds fixtures by name in a conftest
from api.fixtures import configure, skip_nightly


def pytest_configure(config: pytest.Config) -> None:
    configure(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_nightly(items)
