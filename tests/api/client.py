# SPDX-License-Identifier: Apache-2.0
"""One keep-alive HTTP connection with a bearer key, and raw bytes over a socket for what no HTTP library would send."""
from __future__ import annotations

import http.client
import io
import json
import socket
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Iterable, Iterator
from urllib.parse import quote, urlencode

TIMEOUT_S = 60
# The server closes idle connections after 75 s; a client that reused one then would fail through no fault of the server's.
FRESH_S = 30

SINGULAR = {"sellers": "seller", "accounts": "account", "prospects": "prospect", "contacts": "contact", "deals": "deal",
            "activities": "activity", "revenue": "revenue"}


def path_of(kind: str, id_: str, suffix: str = "") -> str:
    """/v1/{kind}/{id}, the id percent-encoded whole."""
    return f"/v1/{kind}/{quote(id_, safe='')}{suffix}"


@dataclass
class Answer:
    """What came back; header names are lower case."""
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, numbers exactly as they stand."""
        return json.loads(self.body, parse_float=Decimal)

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    def pointers(self) -> list[str]:
        """Where the errors of a problem are."""
        return sorted(error["pointer"] if "pointer" in error else "?" + error["parameter"] for error in self.json["errors"])

    def __str__(self) -> str:
        return f"{self.status} {self.body[:2000].decode(errors='replace')}"


class Client:
    """Not to be shared between threads: twin() opens another connection."""

    def __init__(self, address: tuple[str, int], key: str | None = None, headers: dict[str, str] | None = None,
                 timeout: float = TIMEOUT_S) -> None:
        self.address = address
        self.key = key
        self.headers = dict(headers or {})
        self.timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def twin(self, key: str | None = None, address: tuple[str, int] | None = None) -> Client:
        return Client(address or self.address, key or self.key, self.headers, self.timeout)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
             query: dict[str, Any] | None = None) -> Answer:
        """Send one request. bytes, text and iterables of bytes go as they are, anything else as JSON."""
        sent = {**self.headers, **(headers or {})}
        if self.key is not None:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        if body is not None and not isinstance(body, (bytes, str)) and not _is_stream(body):
            body = json.dumps(body, default=str)
            sent.setdefault("Content-Type", "application/merge-patch+json" if method == "PATCH" else "application/json")
        if isinstance(body, str):
            body = body.encode()
        if query:
            path += "?" + urlencode(query)
        connection = self._connect()
        try:
            connection.request(method, path, body=body, headers=sent, encode_chunked=_is_stream(body))
            response = connection.getresponse()
            answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        except BaseException:
            self.close()
            raise
        self._used_at = time.monotonic()
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        return self.call("GET", path, None, headers, query)

    def put(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        return self.call("PUT", path, body, headers)

    def patch(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        return self.call("PATCH", path, body, headers)

    def delete(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.call("DELETE", path, None, headers)

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        return self.call("POST", path, {} if body is None else body, headers, query)

    def expect(self, status: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
               query: dict[str, Any] | None = None) -> Any:
        """The JSON of an answer that must have this status; None when it has no body."""
        answer = self.call(method, path, body, headers, query)
        assert answer.status == status, f"{method} {path}: expected {status}, got {answer}"
        return answer.json if answer.body else None

    # --- records ---

    def put_record(self, kind: str, id_: str, record: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        return self.put(path_of(kind, id_), {name: value for name, value in record.items() if name != "id"}, headers)

    def store(self, kind: str, id_: str, record: dict[str, Any]) -> dict[str, Any]:
        """PUT that must succeed."""
        answer = self.put_record(kind, id_, record)
        assert answer.status in (200, 201), f"PUT {kind} {id_!r} {record}: {answer}"
        return answer.json

    def record(self, kind: str, id_: str) -> dict[str, Any]:
        """GET that must succeed."""
        return self.expect(200, "GET", path_of(kind, id_))

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All items of a list, page by page."""
        cursor = None
        while True:
            page = self.expect(200, "GET", path, query={**query, **({"cursor": cursor} if cursor else {})})
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    # --- imports ---

    def import_rows(self, kind: str, rows: Iterable[dict[str, Any]], form: str = "ndjson", headers: dict[str, str] | None = None,
                    **query: Any) -> Answer:
        """POST :import as NDJSON or as one JSON array."""
        if form == "ndjson":
            text, media = "".join(json.dumps(row) + "\n" for row in rows), "application/x-ndjson"
        else:
            text, media = json.dumps(list(rows)), "application/json"
        return self.post(f"/v1/{kind}:import", text, {"Content-Type": media, **(headers or {})}, **query)

    def import_csv(self, kind: str, text: str | bytes, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        return self.post(f"/v1/{kind}:import", text, {"Content-Type": "text/csv", **(headers or {})}, **query)

    def import_all(self, kind: str, rows: list[dict[str, Any]], form: str = "ndjson") -> dict[str, Any]:
        """An import of which no row may be refused."""
        answer = self.import_rows(kind, rows, form)
        assert answer.status == 200, str(answer)
        assert answer.json["rejected"] == 0, answer.json["errors"][:5]
        assert answer.json["received"] == len(rows)
        return answer.json

    def _connect(self) -> http.client.HTTPConnection:
        if self._connection is not None and time.monotonic() - self._used_at > FRESH_S:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


def _is_stream(body: Any) -> bool:
    return hasattr(body, "__next__")


def raw_socket(address: tuple[str, int], timeout: float = 15) -> socket.socket:
    connection = socket.create_connection(address, timeout=timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def raw_exchange(address: tuple[str, int], sent: bytes, timeout: float = 15) -> bytes:
    """Send bytes as they are; everything that comes back until the server closes (ask for that with Connection: close)."""
    with raw_socket(address, timeout) as connection:
        try:
            connection.sendall(sent)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_to_end(connection)


def read_to_end(connection: socket.socket) -> bytes:
    received = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return received
        if not piece:
            return received
        received += piece


class AnswerReader:
    """Answers off one raw socket, one after the other, each by its own length: what was read ahead is kept for the next."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def read(self) -> Answer:
        response = http.client.HTTPResponse(self)
        response.begin()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What HTTPResponse asks a socket for; closing it at the end of one answer must not close ours."""
        return _Unclosed(self._file)


class _Unclosed:
    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """Stays open."""


def read_answer(connection: socket.socket) -> Answer:
    """The one answer that is expected on a raw socket."""
    return AnswerReader(connection).read()


def status_of(raw: bytes) -> int | None:
    """Status code of the first answer in raw bytes; None when there is none."""
    line = raw.split(b"\r\n", 1)[0].split(b" ")
    return int(line[1]) if len(line) > 1 and line[0].startswith(b"HTTP/1.") else None
