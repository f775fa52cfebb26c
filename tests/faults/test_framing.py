# SPDX-License-Identifier: Apache-2.0
"""Requests as only bad or slow clients send them: framing, pipelining, odd paths, drips, and clients that leave."""
from __future__ import annotations

import json
import socket
import struct
import threading
import time
from typing import Any, Callable

import pytest

from api.client import AnswerReader, Client, raw_exchange, raw_socket, read_answer, read_to_end, status_of
from api.server import Server, Workspace, wait_for

from .load import metric, wait_for_held_writer, writers_held

REQUEST_MS = 1500
SLACK_S = 1.5


def request(client: Client, method: str, path: str, body: bytes = b"", *headers: str, close: bool = False) -> bytes:
    """One request as bytes, with Content-Length unless a header says otherwise."""
    lines = [f"{method} {path} HTTP/1.1", "Host: test", f"Authorization: Bearer {client.key}", *headers]
    if body and not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
    if close:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_of(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def test_two_requests_in_one_segment_get_two_answers_in_order(client: Client) -> None:
    with raw_socket(client.address, 8) as connection:
        connection.sendall(request(client, "PUT", "/v1/accounts/a", json_of({"name": "A"}))
                           + request(client, "GET", "/v1/accounts/a"))
        answers = AnswerReader(connection)
        first, second = answers.read(), answers.read()
    assert (first.status, second.status) == (201, 200)
    assert second.json["name"] == "A"


def test_hundred_pipelined_requests_are_all_answered_in_order(client: Client) -> None:
    sent = b"".join(request(client, "PUT", f"/v1/accounts/a{number}", json_of({"name": f"N{number}"})) for number in range(100))
    with raw_socket(client.address, 30) as connection:
        connection.sendall(sent)
        reader = AnswerReader(connection)
        answers = [reader.read() for _ in range(100)]
    assert [answer.json["name"] for answer in answers] == [f"N{number}" for number in range(100)]


def test_request_cut_into_single_bytes_is_understood(client: Client) -> None:
    sent = request(client, "PUT", "/v1/accounts/a", json_of({"name": "A"}), close=True)
    with raw_socket(client.address) as connection:
        for index in range(len(sent)):
            connection.send(sent[index:index + 1])
        assert read_answer(connection).status == 201


def test_thousand_requests_stay_on_one_connection(client: Client) -> None:
    client.store("accounts", "a", {"name": "A"})
    connection = client._connection
    for _ in range(1000):
        assert client.get("/v1/accounts/a").status == 200
    assert client._connection is connection and connection.sock is not None


def test_id_with_encoded_slash_is_one_id(client: Client) -> None:
    raw = raw_exchange(client.address, request(client, "PUT", "/v1/accounts/a%2Fb", json_of({"name": "slash"}), close=True))
    assert status_of(raw) == 201
    assert client.get("/v1/accounts/a%2Fb").json["id"] == "a/b"
    assert client.get("/v1/accounts/a/b").status == 404
    assert client.get("/v1/accounts/a%252Fb").status == 404


@pytest.mark.parametrize("headers", [
    ("Content-Length: 12", "Content-Length: 12"), ("Content-Length: 12", "Content-Length: 13"), ("Content-Length: 12, 12",),
    ("Content-Length: 12", "Transfer-Encoding: chunked"), ("Transfer-Encoding: chunked", "Content-Length: 12"), ("Content-Length: -1",),
    ("Content-Length: 0x0c",), ("Content-Length: +12",), ("Content-Length: 99999999999999999999",), ("Transfer-Encoding: gzip",)])
def test_ambiguous_length_is_400_and_the_connection_closed(client: Client, headers: tuple[str, ...]) -> None:
    """What follows must not be taken for a request: the answer is one, and the connection ends."""
    smuggled = request(client, "PUT", "/v1/accounts/smuggled", json_of({"name": "S"}), close=True)
    raw = raw_exchange(client.address, request(client, "PUT", "/v1/accounts/a", b'{"name":"A"}', *headers) + smuggled)
    if headers == ("Content-Length: 99999999999999999999",):
        assert status_of(raw) in (400, 413)
    else:
        assert status_of(raw) in (400, 501) if "gzip" in headers[0] else status_of(raw) == 400, raw[:300]
    # libmicrohttpd writes the head of its own refusals twice; anything but refusals would be an answer to what was smuggled.
    assert {line.split(b" ")[1] for line in raw.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")} <= {b"400", b"413", b"501"}
    assert client.get("/v1/accounts/smuggled").status == 404


HIDDEN = [b"GET /v1/accounts/a\0b HTTP/1.1\r\nHost: x\r\n%s\r\n", b"GET /v1/accounts?tier=key\0b HTTP/1.1\r\nHost: x\r\n%s\r\n",
          b"GET\0x /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%s\r\n", b"GET /v1/accounts/a HTTP/1.1\0x\r\nHost: x\r\n%s\r\n",
          b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\nX-Actor: a\0b\r\n%s\r\n", b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\nX-Actor: a\0\r\n%s\r\n",
          b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%sX-Actor: a\0b\r\n\r\n", b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%sContent-Length: 0\0 1\r\n\r\n",
          b"GET /v1/accounts/a HTTP/1.1\nHost: x\nX-Actor: a\0b\n%s\n", b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%sX-Actor: a\r\n b\r\n\r\n",
          b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\nX-Actor: a\r\n\tb\r\n%s\r\n", b"GET  /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%s\r\n"]


@pytest.mark.parametrize("head", HIDDEN)
def test_what_the_library_would_pass_over_in_a_head_is_400_and_the_connection_closed(client: Client, head: bytes) -> None:
    """A NUL, behind which it sees nothing, and folded lines, which it glues wrongly; a proxy may see all of it."""
    client.store("accounts", "a", {"name": "A"})
    raw = raw_exchange(client.address, head % f"Authorization: Bearer {client.key}\r\n".encode() + request(client, "GET", "/livez", close=True))
    assert status_of(raw) == 400, raw[:300]
    assert raw.count(b"HTTP/1.1 ") == 1, raw[-300:]


@pytest.mark.parametrize("head", [b"GET /v1/accounts/a HTTP/1.1\nHost: x\n%s\n", b"GET /v1/accounts/a HTTP/1.1\r\nHost: x\r\n%sX-Actor:\r\n\r\n",
                                  b"\r\n\r\nGET /v1/accounts/a HTTP/1.1\r\nHost:   x\r\n%s\n", b"GET /v1/accounts/a HTTP/1.1\r\n%sHost:x\n\r\n"])
def test_odd_heads_that_hide_nothing_are_taken(client: Client, head: bytes) -> None:
    """Bare line feeds, empty values, blanks in front of them or none, empty lines in front of the request."""
    client.store("accounts", "a", {"name": "A"})
    key = b"Authorization: Bearer %s\n" % client.key.encode()
    raw = raw_exchange(client.address, (head % key) * 3 + request(client, "GET", "/livez", close=True))
    assert raw.count(b"HTTP/1.1 200 ") == 4, raw[:600]


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"GET /livez\r\n\r\n", b"GET /livez HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00" * 20,
                                  b"GET /livez HTTP/1.1\r\nno colon here\r\n\r\n", b"\r\n" * 50, b"A" * 100000])
def test_garbage_is_refused_and_the_server_lives(server: Server, sent: bytes) -> None:
    with raw_socket(server.address) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        raw = read_to_end(connection)
    assert status_of(raw) in (None, 400, 405, 413, 414, 431, 505, 200)
    assert server.client().get("/livez").status == 200


def test_http_1_0_is_answered_and_closed(client: Client) -> None:
    raw = raw_exchange(client.address, f"GET /v1/accounts HTTP/1.0\r\nAuthorization: Bearer {client.key}\r\n\r\n".encode())
    assert status_of(raw) == 200


def test_expect_continue_is_told_to_go_on_or_refused_before_the_body(client: Client) -> None:
    with raw_socket(client.address) as connection:
        connection.sendall(request(client, "PUT", "/v1/accounts/a", b"", "Content-Length: 12", "Content-Type: application/json", "Expect: 100-continue"))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        connection.sendall(b'{"name":"A"}')
        assert read_answer(connection).status == 201
    with raw_socket(client.address) as connection:
        connection.sendall(b"PUT /v1/accounts/a HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n")
        assert status_of(connection.recv(1000)) == 401


@pytest.fixture(scope="module")
def impatient(database) -> Any:
    """A server whose requests may take 1.5 s."""
    server = Server(database, request_ms=REQUEST_MS, workers=1)
    yield server
    assert server.stop() == 0


def drip(address: tuple[str, int], at_once: bytes, slowly: bytes, pause: float = 0.25) -> tuple[float, bytes]:
    """Send some bytes at once, the others one by one; seconds until the server ended it, and what it said."""
    started = time.monotonic()
    with raw_socket(address, 0.05) as connection:
        connection.sendall(at_once)
        received = b""
        for index in range(len(slowly)):
            try:
                connection.sendall(slowly[index:index + 1])
                piece = connection.recv(65536)
                if not piece:
                    return time.monotonic() - started, received
                received += piece
            except TimeoutError:
                pass
            except OSError:
                return time.monotonic() - started, received
            time.sleep(pause)  # the drip itself
    raise AssertionError("the server let it drip to the end")


@pytest.mark.parametrize("part", ["headers", "body"])
def test_one_byte_now_and_then_is_cut_at_the_deadline(impatient: Server, new_workspace: Callable[..., Workspace], part: str) -> None:
    client = new_workspace(impatient).client
    if part == "headers":
        at_once, slowly = b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\n", b"X-Slow: " + b"y" * 40
    else:
        at_once, slowly = request(client, "PUT", "/v1/accounts/a", b"", "Content-Length: 200", "Content-Type: application/json"), b" " * 40
    seconds, said = drip(impatient.address, at_once, slowly)
    assert REQUEST_MS / 1000 - 0.3 <= seconds <= REQUEST_MS / 1000 + SLACK_S, seconds
    assert status_of(said) in (None, 408, 503)


@pytest.mark.nightly
def test_dripping_request_line_is_cut(impatient: Server) -> None:
    """Before the request line is there, nothing tells it from an idle connection: 75 s and a request's time."""
    seconds, _ = drip(impatient.address, b"", b"GET /" + b"y" * 1000, 0.5)
    assert seconds <= 75 + REQUEST_MS / 1000 + 5


def test_import_that_makes_progress_outlives_the_deadline(impatient: Server, new_workspace: Callable[..., Workspace]) -> None:
    client = new_workspace(impatient).client

    def pieces() -> Any:
        for number in range(12):
            yield json_of({"id": f"a{number}"}) + b"\n"
            time.sleep(REQUEST_MS / 1000 / 6)  # slow on purpose: twice the deadline in all

    answer = client.call("POST", "/v1/accounts:import", pieces(), {"Content-Type": "application/x-ndjson"})
    assert answer.status == 200 and answer.json["created"] == 12


def sent_on(address: tuple[str, int], sent: bytes, rudely: bool) -> socket.socket:
    """A connection on which a request is under way, to be closed by the caller: in good order, or by a reset."""
    connection = raw_socket(address)
    connection.sendall(sent)
    if rudely:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return connection


@pytest.mark.threads
@pytest.mark.parametrize("rudely", [False, True], ids=["closing", "resetting"])
def test_clients_that_leave_while_suspended_harm_nobody(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace],
                                                        rudely: bool) -> None:
    server = new_server(workers=1, statement_ms=20000)
    workspace = new_workspace(server)
    client = workspace.client
    left = []
    with writers_held(workspace):
        for number in range(60):
            left.append(sent_on(client.address, request(client, "PUT", f"/v1/accounts/left{number}", json_of({"name": "left"})), rudely))
            if number == 0:
                wait_for_held_writer(workspace.database)
        wait_for(lambda: metric(server, "sweetspot_queue_rows") >= 59, 10, "the others in the queue")
        for connection in left:
            connection.close()
        assert server.client().get("/livez").status == 200
    client.store("accounts", "stayed", {"name": "stayed"})
    assert client.record("accounts", "stayed")["name"] == "stayed"
    wait_for(lambda: metric(server, "sweetspot_connections") <= 5, 10, "the gone connections to be forgotten")
    wait_for(lambda: metric(server, "sweetspot_queue_rows") == 0, 5, "the queue to be empty again")
    assert server.stop() == 0


def test_client_that_leaves_in_mid_import_harms_nobody(client: Client, server: Server) -> None:
    for rudely in (False, True):
        connection = raw_socket(server.address)
        connection.sendall(request(client, "POST", "/v1/accounts:import", b"", "Content-Length: 1000000", "Content-Type: application/x-ndjson")
                           + b"".join(json_of({"id": f"x{number}"}) + b"\n" for number in range(2000)))
        if rudely:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert client.put("/v1/accounts/after", {"name": "after"}).status == 201


@pytest.mark.threads
def test_connections_over_the_limit_are_told_so(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    """All workers together; health is answered all the same, and nobody who is within the limit notices."""
    server = new_server(connections=10, workers=2)
    client = new_workspace(server).client
    within = [client.twin() for _ in range(10)]
    assert [each.get("/v1/summary").status for each in within] == [200] * 10
    for _ in range(20):
        beyond = client.twin()
        answer = beyond.get("/v1/summary")
        assert (answer.status, answer.json["type"].rsplit("/", 1)[1]) == (503, "crowded"), str(answer)
        assert answer.headers["connection"] == "close" and int(answer.headers["retry-after"]) >= 1
        beyond.close()
        probe = server.client()
        answer = probe.get("/livez")
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        probe.close()
    assert [each.get("/v1/summary").status for each in within] == [200] * 10
    within.pop().close()
    wait_for(lambda: client.twin().get("/v1/summary").status == 200, 5, "room again")


def test_connections_far_over_the_limit_wait_and_others_live(new_server: Callable[..., Server]) -> None:
    server = new_server(connections=20, workers=1)
    held = [raw_socket(server.address) for _ in range(200)]
    for connection in held:
        connection.close()
    wait_for(lambda: _lives(server), 10, "the server to answer again")


def _lives(server: Server) -> bool:
    try:
        return server.client(timeout=2).get("/livez").status == 200
    except OSError:
        return False


def test_answer_is_not_read_and_memory_stays_bounded(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    """Ten clients ask for the whole list as NDJSON and read nothing."""
    server = new_server(workers=1, import_idle_ms=3000)
    workspace = new_workspace(server)
    workspace.client.import_all("accounts", [{"id": f"a{number}", "industry": "x" * 300} for number in range(20000)])
    before = server.rss_bytes()
    held = []
    for _ in range(10):
        connection = raw_socket(server.address)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(request(workspace.client, "GET", "/v1/accounts", b"", "Accept: application/x-ndjson"))
        held.append(connection)
    peak = before
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        peak = max(peak, server.rss_bytes())
        assert workspace.client.get("/v1/accounts/a1").status == 200
    for connection in held:
        connection.close()
    assert peak - before < 48 << 20, f"grew by {(peak - before) >> 20} MiB"


def test_many_threads_on_many_connections_get_their_own_answers(client: Client) -> None:
    wrong: list[Any] = []

    def talk(number: int, own: Client) -> None:
        for turn in range(30):
            name = f"{number}/{turn}"
            if own.put(f"/v1/accounts/c{number}", {"name": name}).json["name"] != name:
                wrong.append(name)

    threads = [threading.Thread(target=talk, args=(number, client.twin())) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
