# SPDX-License-Identifier: Apache-2.0
"""Imports: CSV as people have it, NDJSON and JSON, refused rows that say what to do, all-or-nothing, resuming, bounded memory."""
from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from decimal import Decimal
from typing import Any, Callable, Iterator

import pytest

from .client import Answer, Client
from .samples import FULL, KINDS
from .server import Server, Workspace, wait_for

MIB = 1 << 20
GROWTH_BYTES = 32 * MIB


def names(client: Client, kind: str = "accounts") -> dict[str, str]:
    return {each["id"]: each["name"] for each in client.pages(f"/v1/{kind}")}


def verify(answer: Answer, **counts: int) -> None:
    assert answer.status == 200, str(answer)
    wanted = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0, **counts}
    assert {name: answer.json[name] for name in wanted} == wanted, str(answer)
    assert answer.json["received"] == sum(wanted.values())


@pytest.mark.parametrize("text", [
    "id,name\na,Ä\nb,B\n", "id,name\r\na,Ä\r\nb,B\r\n", "id,name\na,Ä\nb,B", "\ufeffid,name\na,Ä\nb,B\n", "id;name\na;Ä\nb;B\n",
    "id\tname\na\tÄ\nb\tB\n", '"id","name"\n"a","Ä"\n"b","B"\n', "name,id\nÄ,a\nB,b\n", "id,name\n\na,Ä\n\nb,B\n\n"])
def test_csv_dialects_are_recognised(client: Client, text: str) -> None:
    verify(client.import_csv("accounts", text), created=2)
    assert names(client) == {"a": "Ä", "b": "B"}


def test_csv_quotes_hold_delimiters_newlines_and_quotes(client: Client) -> None:
    verify(client.import_csv("accounts", 'id,name,attributes\n"a,1","say ""hi""","{""note"": ""two\\nlines""}"\n'), created=1)
    shown = client.record("accounts", "a,1")
    assert shown["name"] == 'say "hi"' and shown["attributes"] == {"note": "two\nlines"}


def test_csv_quoted_newline_in_a_cell_is_one_row(client: Client) -> None:
    answer = client.import_csv("accounts", 'id,name,note\na,A,"one\r\ntwo"\nb,B,x\n', extra="attributes")
    verify(answer, created=2)
    assert client.record("accounts", "a")["attributes"]["note"] in ("one\r\ntwo", "one\ntwo")


def test_csv_latin1_and_decimal_comma(client: Client) -> None:
    text = "id;name;annual_potential\nä;Müller €;1234,5\n".encode("cp1252")
    verify(client.import_csv("accounts", text, decimal=",", charset="latin1"), created=1)
    shown = client.record("accounts", "ä")
    assert (shown["name"], str(shown["annual_potential"])) == ("Müller €", "1234.5")


def test_csv_in_another_charset_without_saying_so_is_refused(client: Client) -> None:
    answer = client.import_csv("accounts", "id,name\na,M\xfcller\nb,B\n".encode("latin1"))
    assert answer.status in (200, 400, 422)
    if answer.status == 200:
        verify(answer, created=1, rejected=1)
        assert "charset" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize("written", ["$22,700.00", "22,700.00", "22.700,00", "22 700", "€5", "5 EUR", "(5)"])
def test_dressed_up_number_is_refused_naming_row_and_remedy(client: Client, written: str) -> None:
    cell = f'"{written}"'
    answer = client.import_csv("deals", f"id,amount\nfirst,5\nsecond,{cell}\nthird,7\n")
    verify(answer, created=2, rejected=1)
    error = answer.json["errors"][0]
    assert (error["row"], error["pointer"]) == (2, "/amount")
    assert written in error["detail"] and any(word in error["detail"] for word in ("22700", "without", "plain", "decimal"))
    assert client.get("/v1/deals/second").status == 404


def test_map_renames_and_one_column_may_serve_two_fields(client: Client) -> None:
    answer = client.import_csv("accounts", "account,sector,staff\nacme,steel,12\n", map="account:id,account:name,sector:industry,staff:employees")
    verify(answer, created=1)
    shown = client.record("accounts", "acme")
    assert (shown["name"], shown["industry"], shown["employees"]) == ("acme", "steel", 12)


def test_values_translate_and_enumerations_ignore_case(client: Client) -> None:
    answer = client.import_csv("deals", "id,stage\na,Engaging\nb,WON\nc,lost\n", values="stage.Engaging:open")
    verify(answer, created=3)
    assert [client.record("deals", id_)["stage"] for id_ in "abc"] == ["open", "won", "lost"]


def test_name_is_the_id_where_it_is_missing(client: Client) -> None:
    verify(client.import_rows("accounts", [{"id": "a"}]), created=1)
    assert client.record("accounts", "a")["name"] == "a"


@pytest.mark.parametrize("extra, status", [(None, 422), ("ignore", 200), ("attributes", 200), ("nonsense", 422)])
def test_unmapped_column_is_refused_ignored_or_kept(client: Client, extra: str | None, status: int) -> None:
    answer = client.import_csv("accounts", "id,colour\na,red\n", **({"extra": extra} if extra else {}))
    assert answer.status == status, str(answer)
    if status == 422:
        assert client.get("/v1/accounts/a").status == 404
    else:
        assert client.record("accounts", "a")["attributes"] == ({"colour": "red"} if extra == "attributes" else {})


def test_extra_columns_add_to_those_that_stand_and_their_empty_cells_clear(client: Client) -> None:
    verify(client.import_csv("accounts", "id,colour,size\na,red,9\nb,,5\n", extra="attributes"), created=2)
    verify(client.import_csv("accounts", "id,size,mood\na, ,good\nb,5,\n", extra="attributes"), updated=1, unchanged=1)
    assert [client.record("accounts", id_)["attributes"] for id_ in "ab"] == [{"colour": "red", "mood": "good"}, {"size": "5"}]


def test_of_many_extra_columns_those_that_are_filled_count(client: Client) -> None:
    header = ",".join(["id", *(f"c{n}" for n in range(150))])
    filled = [",".join([f"a{count}", *(["x"] * count), *([""] * (150 - count))]) for count in (0, 100, 101)]
    answer = client.import_csv("accounts", "\n".join([header, *filled, ""]), extra="attributes")
    verify(answer, created=2, rejected=1)
    assert (answer.json["errors"][0]["row"], answer.json["errors"][0]["pointer"]) == (3, "/attributes")
    assert len(client.record("accounts", "a100")["attributes"]) == 100


def test_unknown_field_in_a_json_row_rejects_that_row_alone(client: Client) -> None:
    answer = client.import_rows("accounts", [{"id": "a", "colour": "red"}, {"id": "b"}])
    verify(answer, created=1, rejected=1)
    assert (answer.json["errors"][0]["row"], answer.json["errors"][0]["pointer"]) == (1, "/colour")


def test_empty_cell_clears_and_absent_column_stays(client: Client) -> None:
    client.store("accounts", "a", {"name": "A", "industry": "steel", "region": "Nord"})
    verify(client.import_csv("accounts", "id,industry\na,\n"), updated=1)
    shown = client.record("accounts", "a")
    assert (shown["industry"], shown["region"]) == (None, "Nord")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_full_record_of_every_kind_by_import_reads_like_by_put(client: Client, kind: str, form: str) -> None:
    rows = [{"id": "one", **FULL[kind]}]
    verify(client.import_rows(kind, rows, form), created=1)
    verify(client.import_rows(kind, rows, form), unchanged=1)
    shown = client.record(kind, "one")
    assert {name: shown[name] for name in FULL[kind]} == FULL[kind]


def test_same_id_twice_in_one_import_counts_both_in_order(client: Client) -> None:
    verify(client.import_rows("accounts", [{"id": "a", "employees": 1}, {"id": "a", "employees": 2}, {"id": "a", "employees": 2}]),
           created=1, updated=1, unchanged=1)
    assert client.record("accounts", "a")["employees"] == 2


def test_rows_of_one_id_far_apart_apply_in_order_whatever_they_touch(client: Client) -> None:
    """A chunk travels in two parts, by organisation: an entry that moves from one to another must not overtake itself."""
    rows = [{"id": f"r{number}", "organisation": f"first {number % 40}", "amount": 5, "on": "2026-01-05"} for number in range(900)]
    rows += [{"id": f"r{number}", "organisation": f"then {number % 40}", "amount": 7} for number in range(900)]
    verify(client.import_rows("revenue", rows), created=900, updated=900)
    entries = {each["id"]: each for each in client.pages("/v1/revenue")}
    assert len(entries) == 900
    assert {(each["organisation"], str(each["amount"])) for each in entries.values()} == {(f"then {number}", "7") for number in range(40)}


def test_import_waits_while_the_queue_is_full(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    """A part has a thousand rows, so that two never fit in."""
    workspace = new_workspace(new_server(workers=1, queue_rows=1200))
    answers: list[Answer] = []

    def load(series: str) -> None:
        client = workspace.client.twin()
        client.timeout = 60
        answers.append(client.import_rows("revenue", [{"id": f"{series}{n}", "organisation": f"o{n % 900}", "amount": 1, "on": "2026-01-05"}
                                                      for n in range(5000)]))

    threads = [threading.Thread(target=load, args=(series,)) for series in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3
    for answer in answers:
        verify(answer, created=5000)


def test_sum_that_cannot_be_kept_refuses_the_row_that_makes_it(client: Client) -> None:
    """2^63 minor units: of 1,100 entries of the largest amount on one day 1,023 fit, whatever travels together."""
    largest = "90071992547409.92"
    rows = [{"id": f"r{number}", "organisation": "a", "amount": largest, "on": "2026-01-05"} for number in range(1100)]
    answer = client.import_rows("revenue", rows)
    verify(answer, created=1023, rejected=77)
    assert {error["detail"] for error in answer.json["errors"]} == {"the sums of its organisation and day would be larger than can be kept"}
    one = client.call("PUT", "/v1/revenue/one-more", {"organisation": "a", "amount": largest, "on": "2026-01-05"})
    assert (one.status, one.json["errors"][0]["pointer"]) == (422, ""), str(one)
    assert client.get("/v1/revenue/one-more").status == 404


def test_measure_of_sums_beyond_the_largest_number_stays_at_it(client: Client) -> None:
    rows = [{"id": f"r{number}", "organisation": "a", "amount": "90071992547409.92", "on": f"2026-01-{number % 2 + 1:02}"} for number in range(1200)]
    verify(client.import_rows("revenue", rows), created=1200)
    assert client.record("accounts", "a")["measures"]["revenue_12m"] == Decimal("92233720368547758.07")


def test_rejected_rows_are_counted_all_and_the_first_hundred_shown(client: Client) -> None:
    rows = [{"id": f"d{number}", "amount": "x" if number % 2 else 5} for number in range(400)]
    answer = client.import_rows("deals", rows)
    verify(answer, created=200, rejected=200)
    assert [error["row"] for error in answer.json["errors"]] == list(range(2, 202, 2))


@pytest.mark.parametrize("bad", [{"id": "z", "amount": "x"}, {"amount": 5}, {"id": "z", "stage": "?"}])
def test_on_error_abort_writes_nothing(client: Client, bad: dict[str, Any]) -> None:
    rows = [{"id": f"d{number}", "amount": 5} for number in range(3000)] + [bad]
    answer = client.import_rows("deals", rows, on_error="abort")
    assert answer.status == 422, str(answer)
    assert answer.json["errors"][0]["row"] == 3001
    assert client.get("/v1/deals?count=1").json["total"] == 0


def test_on_error_abort_without_errors_writes_all(client: Client) -> None:
    verify(client.import_rows("deals", [{"id": f"d{number}"} for number in range(3000)], on_error="abort"), created=3000)


def deals_of(organisations: list[str]) -> list[dict[str, Any]]:
    return [{"id": f"d{number}", "organisation": organisation, "amount": 5} for number, organisation in enumerate(organisations)]


def test_on_error_abort_of_thousands_with_a_last_row_that_only_the_database_refuses(client: Client) -> None:
    client.store("accounts", "gone", {"name": "Gone"})
    assert client.call("POST", "/v1/accounts/gone:erase", None).status == 204
    answer = client.import_rows("deals", deals_of([f"o{number % 50}" for number in range(2500)] + ["gone"]), on_error="abort")
    assert answer.status == 422, str(answer)
    assert [(error["row"], error["pointer"]) for error in answer.json["errors"]] == [(2501, "/organisation")]
    assert "nothing is written" in answer.json["detail"]
    assert client.get("/v1/deals?count=1").json["total"] == 0
    assert client.get("/v1/prospects?count=1").json["total"] == 0


def test_on_error_abort_of_thousands_of_prospects_one_of_which_is_an_account(client: Client) -> None:
    client.store("accounts", "p2400", {"name": "Client"})
    answer = client.import_rows("prospects", [{"id": f"p{number}"} for number in range(2500)], on_error="abort")
    assert (answer.status, answer.json["errors"][0]["row"]) == (422, 2401), str(answer)
    assert client.get("/v1/prospects?count=1").json["total"] == 0


def test_on_error_abort_of_thousands_is_there_at_one_instant(client: Client, workspace: Workspace) -> None:
    """Looked at while it waits for a lock in its third chunk: nothing yet; and later rows see what earlier ones of the same record said."""
    client.store("accounts", "z", {"name": "Z"})
    connection = workspace.database.connect()
    connection.autocommit = False
    connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'z' FOR UPDATE", (workspace.id,))
    rows = [{"id": f"r{number}", "organisation": f"o{number % 50}", "amount": 5, "on": "2026-01-05"} for number in range(2400)]
    rows += [{"id": "r7", "amount": 6}, {"id": "last", "organisation": "z", "amount": 5, "on": "2026-01-05"}]
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(client.twin().import_rows("revenue", rows, on_error="abort")))
    thread.start()
    try:
        wait_for_import_to_block(workspace)
        assert client.get("/v1/revenue?count=1").json["total"] == 0
    finally:
        connection.rollback()
        connection.close()
    thread.join()
    verify(answers[0], created=2401, updated=1)
    assert client.get("/v1/revenue?count=1").json["total"] == 2401
    assert str(client.record("revenue", "r7")["amount"]) == "6"


def test_on_error_abort_of_thousands_begins_again_when_its_connection_is_lost(client: Client, workspace: Workspace) -> None:
    client.store("accounts", "z", {"name": "Z"})
    connection = workspace.database.connect()
    connection.autocommit = False
    connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'z' FOR UPDATE", (workspace.id,))
    answers: list[Answer] = []
    rows = deals_of([f"o{number % 50}" for number in range(2400)] + ["z"])
    rows[-1] |= {"stage": "won", "closed_on": "2026-01-05"}
    thread = threading.Thread(target=lambda: answers.append(client.twin().import_rows("deals", rows, on_error="abort")))
    thread.start()
    try:
        backend = wait_for_import_to_block(workspace)
        assert workspace.database.value("SELECT pg_terminate_backend(%s)", backend)
    finally:
        connection.rollback()
        connection.close()
    thread.join()
    verify(answers[0], created=2401)


def wait_for_import_to_block(workspace: Workspace) -> int:
    """The process id of the backend that an import of thousands all or nothing has to itself, once it waits for a lock."""
    return wait_for(lambda: workspace.database.value("SELECT pid FROM pg_stat_activity WHERE application_name = 'sweetspot import' "
                                                     "AND wait_event_type = 'Lock' AND datname = current_database()"), 10, "the import to wait")


@pytest.mark.parametrize("body, media", [("[{]", "application/json"), ('{"id": "a"}', "application/json"), ('[{"id": "a"}', "application/json"),
                                         ("", "text/csv"), ("nonsense", "text/csv"), ('id,name\n"a,b', "text/csv")])
def test_stream_that_cannot_be_read_is_4xx(client: Client, body: str, media: str) -> None:
    answer = client.post("/v1/accounts:import", body, {"Content-Type": media})
    assert answer.status in (400, 422), str(answer)


@pytest.mark.parametrize("good", [1, 1999, 2000, 5000])
@pytest.mark.parametrize("on_error, written", [("skip", True), ("abort", False)])
def test_stream_that_cannot_be_read_on_writes_what_came_before_and_says_how_much(client: Client, good: int, on_error: str, written: bool) -> None:
    """Many rows behind the fault, too: nobody reads them."""
    rows = [json.dumps({"id": f"a{number:04}"}) for number in range(good + 5000)]
    body = f"[{','.join(rows[:good])} {','.join(rows[good:])}]"
    answer = client.post("/v1/accounts:import", body, {"Content-Type": "application/json"}, on_error=on_error)
    told = f"the first {good} rows are written" if written else "nothing is written"
    assert answer.status == 400, str(answer)
    assert answer.json["detail"].endswith(f"; {told}"), str(answer)
    assert client.expect(200, "GET", "/v1/accounts", query={"limit": 1, "count": 1})["total"] == (good if written else 0)


def test_broken_ndjson_line_rejects_that_line_alone(client: Client) -> None:
    answer = client.post("/v1/accounts:import", '{"id": "a"}\n{nonsense\n{"id": "b"}\n', {"Content-Type": "application/x-ndjson"})
    verify(answer, created=2, rejected=1)
    assert answer.json["errors"][0]["row"] == 2


def test_import_as_prospects_of_accounts_is_rejected_row_by_row(client: Client) -> None:
    client.store("accounts", "a", {"name": "A"})
    verify(client.import_rows("prospects", [{"id": "a"}, {"id": "b"}]), created=1, rejected=1)


def test_chunked_upload_cut_anywhere_reads_the_same(client: Client) -> None:
    text = "".join(f'a{number},"Näme ""{number}"",\r\n x",{number}\r\n' for number in range(300)).encode()
    body = b"id,note,employees\r\n" + text
    cuts = list(range(0, len(body), 37)) + [len(body)]
    pieces = (body[a:b] for a, b in zip(cuts, cuts[1:]))
    answer = client.call("POST", "/v1/accounts:import", pieces, {"Content-Type": "text/csv"}, {"extra": "attributes"})
    verify(answer, created=300)
    assert client.record("accounts", "a7")["attributes"]["note"].startswith('Näme "7"')


def test_import_with_a_key_replays_its_answer(client: Client) -> None:
    headers = {"Idempotency-Key": "import-1"}
    rows = [{"id": f"a{number}"} for number in range(100)]
    first = client.import_rows("accounts", rows, headers=headers)
    again = client.import_rows("accounts", rows, headers=headers)
    verify(first, created=100)
    assert again.json == first.json


def test_import_broken_off_is_resumed_with_its_key(client: Client, workspace: Workspace) -> None:
    """The client vanishes half way; the same import with the same key ends as if nothing had happened, counting every row once."""
    workspace.review()
    headers = {"Idempotency-Key": "resume-1", "Content-Type": "application/x-ndjson"}
    rows = [json.dumps({"id": f"a{number}"}).encode() + b"\n" for number in range(20000)]
    rows.append(b'{"id": "a0", "status": "inactive"}\n')
    reached = threading.Event()

    def half() -> Iterator[bytes]:
        for start in range(0, 12000, 1000):
            yield b"".join(rows[start:start + 1000])
        wait_for(lambda: workspace.value("SELECT count(*) FROM organisation WHERE workspace_id = %s") > 2000, 30, "rows before the break")
        reached.set()
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        client.twin().call("POST", "/v1/accounts:import", half(), headers)
    assert reached.is_set()

    def whole() -> Answer:
        return client.twin().call("POST", "/v1/accounts:import", b"".join(rows), headers)

    answers: list[Answer] = []

    def is_taken() -> bool:
        answers.append(whole())
        return answers[-1].status != 409

    wait_for(is_taken, 60, "the broken import's lease to end", 0.5)
    assert answers[-1].status == 200, str(answers[-1])
    body = answers[-1].json
    assert (body["received"], body["created"], body["updated"], body["rejected"]) == (20001, 20000, 1, 0), body
    assert workspace.sql("SELECT cause, status, list, previous_status FROM change WHERE workspace_id = %s AND organisation = 'a0'") == [
        ("import", "inactive", "none", None)]
    assert workspace.value("SELECT count(*) FROM organisation WHERE workspace_id = %s AND NOT deleted") == 20000


def slow_import(server: Server, client: Client, rows: int, per_piece: int, pause: float) -> tuple[Answer, int]:
    """Send rows in pieces with pauses; the answer and by how much the server grew at its largest."""
    client.import_all("accounts", [{"id": f"warm{number}", "employees": 5} for number in range(5000)])
    before = server.rss_bytes()
    peak = [before]

    def pieces() -> Iterator[bytes]:
        for start in range(0, rows, per_piece):
            yield "".join(f"a{number},Account {number},steel,{number % 500}\n" for number in range(start, min(rows, start + per_piece))).encode()
            peak[0] = max(peak[0], server.rss_bytes())
            time.sleep(pause)

    def body() -> Iterator[bytes]:
        yield b"id,name,industry,employees\n"
        yield from pieces()

    answer = client.twin().call("POST", "/v1/accounts:import", body(), {"Content-Type": "text/csv"})
    return answer, max(peak[0], server.rss_bytes()) - before


def test_hundred_thousand_rows_from_a_slow_sender_need_little_memory(new_server: Callable[..., Server],
                                                                     new_workspace: Callable[..., Workspace]) -> None:
    server = new_server(workers=1)
    workspace = new_workspace(server)
    answer, growth = slow_import(server, workspace.client, 100_000, 1000, 0.02)
    verify(answer, created=100_000)
    assert growth < GROWTH_BYTES, f"grew by {growth / MIB:.1f} MiB"


@pytest.mark.nightly
def test_million_rows_from_a_slow_sender_need_little_memory(new_server: Callable[..., Server],
                                                            new_workspace: Callable[..., Workspace]) -> None:
    server = new_server(workers=1)
    workspace = new_workspace(server)
    workspace.client.timeout = 600
    answer, growth = slow_import(server, workspace.client, 1_000_000, 1000, 0.05)
    verify(answer, created=1_000_000)
    assert growth < GROWTH_BYTES, f"grew by {growth / MIB:.1f} MiB"


def test_long_row_is_rejected_alone(new_server: Callable[..., Server], new_workspace: Callable[..., Workspace]) -> None:
    client = new_workspace(new_server(import_row_bytes=2048)).client
    answer = client.import_rows("accounts", [{"id": "a"}, {"id": "b", "attributes": {"x": "y" * 5000}}, {"id": "c"}])
    verify(answer, created=2, rejected=1)
    assert answer.json["errors"][0]["row"] == 2


def stalled(server: Server, key: str, target: str, body: bytes, headers: dict[str, str]) -> Any:
    """The problem that an import gets which sends so much, says that there is more, and stops."""
    head = {"Host": "x", "Authorization": f"Bearer {key}", "Content-Length": str(len(body) + 1000), **headers}
    with socket.create_connection(server.address, timeout=20) as line:
        line.sendall(f"POST {target} HTTP/1.1\r\n".encode() + "".join(f"{k}: {v}\r\n" for k, v in head.items()).encode() + b"\r\n" + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return json.loads(answer.read())


def test_import_that_stands_still_is_cut_and_keeps_what_was_acknowledged(new_server: Callable[..., Server],
                                                                         new_workspace: Callable[..., Workspace]) -> None:
    """Progress counts, so a slow sender lives; one that stops is told so within the limit, and how far it has come."""
    server = new_server(import_idle_ms=1000)
    client = new_workspace(server).client
    rows = [f'{{"id": "a{number}"}}\n' for number in range(5000)]
    key = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "stands-still"}
    started = time.monotonic()
    answer = stalled(server, client.key, "/v1/accounts:import", "".join(rows[:4500]).encode(), key)
    assert time.monotonic() - started < 15
    assert (answer["status"], answer["type"].rsplit("/", 1)[1]) == (408, "request-timeout"), answer
    said = re.fullmatch(r"the first (\d+) rows are written; send the same again, with its Idempotency-Key to go on behind them",
                        answer["detail"])
    assert said and 1000 <= int(said[1]) < 4500, answer
    assert len(list(client.pages("/v1/accounts"))) == int(said[1])
    verify(client.call("POST", "/v1/accounts:import", "".join(rows).encode(), key), created=5000)


def test_import_of_all_or_nothing_that_stands_still_says_that_nothing_is_written(new_server: Callable[..., Server],
                                                                                 new_workspace: Callable[..., Workspace]) -> None:
    server = new_server(import_idle_ms=1000)
    client = new_workspace(server).client
    answer = stalled(server, client.key, "/v1/accounts:import?on_error=abort", b"id\na\n", {"Content-Type": "text/csv"})
    assert (answer["status"], answer["detail"]) == (408, "nothing is written")
    assert client.twin().get("/v1/accounts/a").status == 404
