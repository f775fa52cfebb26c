# SPDX-License-Identifier: Apache-2.0
"""Every route of the service, from openapi.yaml (which another test holds against the route table)."""
from __future__ import annotations

from dataclasses import dataclass

import yaml

from .server import REPOSITORY

METHODS = ("get", "put", "patch", "delete", "post")


@dataclass(frozen=True)
class Route:
    """One method of one path; `is_open` needs no key."""
    method: str
    path: str
    is_open: bool

    def at(self, **values: str) -> str:
        """The path with its braces filled; {id} and whatever else alike."""
        path = self.path
        while "{" in path:
            start, end = path.index("{"), path.index("}")
            path = path[:start] + values.get(path[start + 1:end], values["id"]) + path[end + 1:]
        return path


def document() -> dict:
    """openapi.yaml, parsed."""
    return yaml.safe_load((REPOSITORY / "openapi.yaml").read_text())


def routes() -> list[Route]:
    """All of them; empty when there is no openapi.yaml yet."""
    if not (REPOSITORY / "openapi.yaml").is_file():
        return []
    api = document()
    secured = bool(api.get("security"))
    return [Route(method.upper(), path, operation.get("security", [{}] if not secured else None) in ([], [{}]))
            for path, operations in api["paths"].items() for method, operation in operations.items() if method in METHODS]
