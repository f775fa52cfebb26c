# SPDX-License-Identifier: Apache-2.0
"""Every refusal is an RFC 9457 problem that names all that is wrong, and leaves the connection and the data as they were."""
from __future__ import annotations

import json
from typing import Any

import pytest

from .client import Answer, Client, path_of, raw_exchange, status_of
from .server import Server, Workspace


def verify_problem(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status == status, str(answer)
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    assert "x-request-id" in answer.headers
    problem = answer.json
    assert problem["status"] == status and problem["title"] and "type" in problem and "instance" in problem
    return problem


@pytest.mark.parametrize("body", [b"{", b"", b"nonsense", b'{"name": "x"} x', b'{"name": "x", "name": "y"}', b'{"name": "\xff"}',
                                  b'{"name": NaN}', b"[" * 100 + b"]" * 100])
def test_body_that_is_not_json_is_400(client: Client, body: bytes) -> None:
    verify_problem(client.call("PUT", "/v1/accounts/a", body, {"Content-Type": "application/json"}), 400)
    assert client.get("/v1/accounts/a").status == 404


@pytest.mark.parametrize("body", ["{}", "no JSON", "x" * 100000])
def test_body_of_a_call_that_takes_none_is_ignored(client: Client, body: str) -> None:
    client.store("accounts", "a", {"name": "A"})
    assert client.call("POST", "/v1/accounts/a:erase", body, {"Content-Type": "text/plain"}).status == 204
    assert client.call("DELETE", "/v1/accounts/a", body).status == 404


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "null"])
def test_body_that_is_no_object_is_422(client: Client, body: str) -> None:
    answer = client.call("PUT", "/v1/accounts/a", body, {"Content-Type": "application/json"})
    assert answer.status in (400, 422), str(answer)
    verify_problem(answer, answer.status)


def test_all_errors_of_a_body_come_at_once(client: Client) -> None:
    answer = client.put("/v1/accounts/a", {
        "name": None, "employees": -1, "industry": 5, "access": "perhaps", "client_since": "2026-13-01", "status": "gone", "margin_pct": 101,
        "problems": "one", "attributes": [], "protected": {"reason": "x"}, "annual_potential": 1.005, "colour": "red", "seller": " s"})
    verify_problem(answer, 422)
    assert answer.pointers() == sorted(["/name", "/employees", "/industry", "/access", "/client_since", "/status", "/margin_pct", "/problems",
                                        "/attributes", "/protected/until", "/annual_potential", "/colour",
                                        "/seller"])
    assert all(error["detail"] for error in answer.json["errors"])
    assert client.get("/v1/accounts/a").status == 404


@pytest.mark.parametrize("kind, body, pointers", [
    ("accounts", {}, ["/name"]), ("contacts", {}, ["/name"]), ("sellers", {}, ["/name"]),
    ("revenue", {}, ["/on", "/organisation"]), ("activities", {}, ["/at"]),
    ("activities", {"at": "2026-03-01", "kind": "fax", "direction": "sideways", "minutes": 1.5}, ["/at", "/direction", "/kind", "/minutes"]),
    ("deals", {"stage": "maybe", "amount": "12x", "opened_on": 5}, ["/amount", "/opened_on", "/stage"]),
    ("deals", {"stage": "won", "opened_on": "2026-02-02", "closed_on": "2026-02-01"}, ["/closed_on"]),
    ("sellers", {"name": "x", "weekly_hours": 169, "active": "yes", "quota": -1}, ["/active", "/quota", "/weekly_hours"]),
    ("contacts", {"name": "x" * 1100, "organisation": ""}, ["/name", "/organisation"])])
def test_wrong_values_are_422_naming_each_field(client: Client, kind: str, body: dict[str, Any], pointers: list[str]) -> None:
    answer = client.put_record(kind, "one", body)
    verify_problem(answer, 422)
    assert answer.pointers() == pointers, str(answer)


@pytest.mark.parametrize("kind, patch, pointer", [("accounts", {"name": None}, "/name"), ("revenue", {"on": None}, "/on"),
                                                  ("revenue", {"organisation": None}, "/organisation"), ("activities", {"at": None}, "/at")])
def test_null_for_a_required_field_is_422(client: Client, kind: str, patch: dict[str, None], pointer: str) -> None:
    least = {"accounts": {"name": "x"}, "revenue": {"organisation": "x", "on": "2026-01-01"}, "activities": {"at": "2026-01-01T00:00:00Z"}}
    client.store(kind, "one", least[kind])
    assert client.patch(path_of(kind, "one"), patch).pointers() == [pointer]


@pytest.mark.parametrize("path", ["/v1/accounts/a?colour=red", "/v1/accounts?limit=0", "/v1/accounts?limit=501", "/v1/accounts?limit=ten",
                                  "/v1/accounts?tier=golden", "/v1/accounts?sort=shoe_size", "/v1/accounts?cursor=nonsense",
                                  "/v1/accounts?tier=key&tier=growth", "/v1/let-go?limit=9999"])
def test_unknown_or_wrong_parameter_is_422_naming_it(client: Client, path: str) -> None:
    client.store("accounts", "a", {"name": "a"})
    answer = client.get(path)
    problem = verify_problem(answer, 422)
    name = path.split("?")[1].split("=")[0]
    assert [error.get("parameter") for error in problem["errors"]] == [name]


def test_without_or_with_a_wrong_key_is_401(server: Server, client: Client) -> None:
    for key in (None, "nonsense", client.key + "x", client.key[:-1]):
        answer = server.client(key).get("/v1/accounts")
        verify_problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_role_too_small_is_403(workspace: Workspace) -> None:
    reader, writer = workspace.client_for("read"), workspace.client_for("write")
    verify_problem(reader.put("/v1/accounts/a", {"name": "x"}), 403)
    verify_problem(writer.post("/v1/accounts/a:erase"), 403)
    assert writer.put("/v1/accounts/a", {"name": "x"}).status == 201
    assert reader.get("/v1/accounts/a").status == 200


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nothing", "/v1/accounts/", "/v1/accounts/a/b", "/v2/accounts", "/v1/accounts/nobody",
                                  "//v1/accounts", "/v1/accounts%2Fa"])
def test_unknown_path_is_404(client: Client, path: str) -> None:
    verify_problem(client.get(path), 404)


@pytest.mark.parametrize("method, path, allowed", [("DELETE", "/v1/accounts", "GET, HEAD, OPTIONS"), ("PUT", "/v1/summary", "GET, HEAD, OPTIONS"),
                                                   ("POST", "/v1/accounts/a", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
                                                   ("GET", "/v1/accounts:import", "POST, OPTIONS")])
def test_method_not_offered_is_405_with_allow(client: Client, method: str, path: str, allowed: str) -> None:
    answer = client.call(method, path)
    verify_problem(answer, 405)
    assert sorted(answer.headers["allow"].split(", ")) == sorted(allowed.split(", "))


def test_body_over_the_limit_is_413_by_length_and_in_chunks(client: Client) -> None:
    big = json.dumps({"name": "x", "attributes": {"a": "y" * 1_100_000}}).encode()
    verify_problem(client.twin().call("PUT", "/v1/accounts/a", big, {"Content-Type": "application/json"}), 413)
    pieces = iter([big[start:start + 10000] for start in range(0, len(big), 10000)])
    answer = client.twin().call("PUT", "/v1/accounts/a", pieces, {"Content-Type": "application/json"})
    verify_problem(answer, 413)


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"])
def test_other_media_type_is_415(client: Client, media: str) -> None:
    verify_problem(client.call("PUT", "/v1/accounts/a", '{"name": "x"}', {"Content-Type": media}), 415)
    verify_problem(client.call("POST", "/v1/accounts:import", "[]", {"Content-Type": media}), 415)


def test_unacceptable_is_406_and_json_is_the_default(client: Client) -> None:
    assert client.get("/v1/accounts", {"Accept": "image/png"}).status == 406
    assert client.get("/v1/accounts", {"Accept": "*/*"}).headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("size", [33_000, 36_000, 40_000, 100_000, 300_000])
@pytest.mark.parametrize("head", [b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nX-Long: %b\r\n\r\n", b"GET /v1/accounts/%b HTTP/1.1\r\nHost: x\r\n\r\n",
                                  b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/accounts HTTP/1.1\r\nHost: x\r\nX-Long: %b\r\n\r\n"],
                         ids=["header", "request line", "second request"])
def test_heads_over_the_limit_are_431_problems(server: Server, head: bytes, size: int) -> None:
    """Also what the HTTP library has no room for, and would answer with a page of its own."""
    raw = raw_exchange(server.address, head % (b"y" * size))
    answer = raw[raw.rindex(b"HTTP/1.1 "):]
    assert status_of(answer) == 431 and b"application/problem+json" in answer and b"/headers-too-large" in answer, raw[-600:]
    assert answer.count(b"{") == 1 and b"<html>" not in raw


def test_head_of_very_many_short_headers_is_a_431_problem(server: Server) -> None:
    head = b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: 1\r\n" % number for number in range(3000)) + b"\r\n"
    raw = raw_exchange(server.address, head)
    assert status_of(raw) == 431 and b"application/problem+json" in raw and b"<html>" not in raw, raw[-600:]


@pytest.mark.parametrize("piece, status", [("tier=key", 422), ("", 200)])
def test_query_of_very_many_parts_is_read_like_any_other(client: Client, piece: str, status: int) -> None:
    answer = client.get("/v1/accounts?" + "&".join([piece] * 1500))
    assert answer.status == status, str(answer)


@pytest.mark.parametrize("target", ["/v1/accounts/%", "/v1/accounts/%zz", "/v1/accounts/a%00b", "/v1/accounts/%ff%fe"])
def test_path_that_cannot_be_decoded_is_400(server: Server, client: Client, target: str) -> None:
    raw = raw_exchange(server.address, f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.key}\r\n"
                                       "Connection: close\r\n\r\n".encode())
    assert status_of(raw) in (400, 404, 422)
    if "%ff" not in target:
        assert status_of(raw) == 400


def test_refusals_leave_the_connection_usable(client: Client) -> None:
    for _ in range(5):
        assert client.put("/v1/accounts/a", {"colour": 1}).status == 422
        assert client.call("PUT", "/v1/accounts/a", b"{", {"Content-Type": "application/json"}).status == 400
        assert client.get("/v1/nothing").status == 404
    connection, sock = client._connection, client._connection.sock
    # Known from the head alone, and told when the body has come.
    assert client.put("/v1/nothing", {"name": "x"}).status == 404
    assert client.call("PUT", "/v1/accounts/a", b"{}", {"Content-Type": "text/plain"}).status == 415
    assert client.put("/v1/accounts/a", {"name": "x"}).status == 201
    assert client._connection is connection and connection.sock is sock
