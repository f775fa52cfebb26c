# SPDX-License-Identifier: Apache-2.0
"""Target and lead lists changed by hand: places, what is shown of it, what the history keeps, and a seller's accounts beside them."""
from __future__ import annotations

import csv
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .client import Answer, Client, path_of
from .samples import TODAY
from .server import Server, Workspace, wait_for

CRITERION = {"id": "industry", "dimension": "market", "attribute": "industry", "op": "in", "value": ["software"], "weight": 3}
POLICY = {"today": TODAY, "criteria": [CRITERION], "max_targets": 2, "max_leads": 1}
FIT = {"name": "Fit", "industry": "software", "expected_annual": 50000, "access": True}
REASON = "met at the fair"


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    """Four clients of s2 and a review: the key cut-off is 4,000. Prospect p is nobody's and, for want of facts, a lead."""
    client = workspace.client
    client.expect(200, "PATCH", "/v1/policy", POLICY)
    workspace.wait_settled()
    client.import_all("sellers", [{"id": "s1", "name": "Ada"}, {"id": "s2", "name": "Bob"}])
    client.import_all("accounts", [{"id": f"a{n}", "name": f"A{n}", "seller": "s2"} for n in range(1, 5)])
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n * 1000, "on": "2026-02-01"} for n in range(1, 5)])
    client.store("prospects", "p", {"name": "P"})
    workspace.review()
    return workspace


def at(id_: str, list_: str = "target", seller: str = "s1") -> str:
    return path_of("sellers", seller, f"/lists/{list_}/") + id_


def put(client: Client, id_: str, list_: str = "target", seller: str = "s1", actor: str | None = "Ada", reason: str | None = None) -> Answer:
    return client.put(at(id_, list_, seller), None if reason is None else {"reason": reason}, {"X-Actor": actor} if actor else {})


def take(client: Client, id_: str, list_: str = "target", seller: str = "s1", **headers: str) -> int:
    return client.delete(at(id_, list_, seller), headers).status


def assigned(client: Client, id_: str) -> Any:
    return client.record("prospects", id_)["qualification"]["assigned"]


def history(client: Client, id_: str, kind: str = "prospects") -> list[dict[str, Any]]:
    return list(client.pages(path_of(kind, id_, "/history")))


def lists(client: Client, seller: str = "s1") -> Any:
    return client.expect(200, "GET", path_of("sellers", seller, "/lists"))


def on_list(client: Client, list_: str = "target", seller: str = "s1") -> list[str]:
    return [each["prospect"] for each in lists(client, seller)[list_]["data"]]


def test_if_match_is_not_passed_over(book: Workspace) -> None:
    """A place on a list has no version: no condition on one holds, and what is conditional does not happen."""
    client = book.client
    tag = client.get("/v1/prospects/p").etag
    for condition in (tag, "*"):
        answer = client.put(at("p"), None, {"If-Match": condition})
        assert (answer.status, answer.json["type"].rsplit("/", 1)[1]) == (412, "precondition-failed"), condition
    assert on_list(client) == [] and put(client, "p").status == 200
    assert take(client, "p", **{"If-Match": "*"}) == 412
    assert on_list(client) == ["p"] and take(client, "p") == 204


# --- what is shown ---


def test_assignment_stands_beside_the_computed_list_everywhere(book: Workspace) -> None:
    client = book.client
    client.patch("/v1/prospects/p", {"seller": "s2", "industry": "paper", "region": "Nord"})
    before = client.record("prospects", "p")["qualification"]
    assert before["assigned"] is None
    assert put(client, "p", reason=REASON).status == 200
    shown = assigned(client, "p")
    assert {**shown, "at": None} == {"list": "target", "seller": "s1", "taken_off": False, "reason": REASON, "by": "Ada", "at": None}
    assert client.record("prospects", "p")["qualification"] == {**before, "assigned": shown}, "what is computed stays, and nobody put there is over a cap"
    assert client.expect(200, "GET", "/v1/prospects/p/explanation")["qualification"]["assigned"] == shown
    queries: list[dict[str, Any]] = [{}, {"sort": "name"}, {"q": "P"}, {"seller": "s2"}, {"seller": "s2", "sort": "-fit"}, {"industry": "paper"},
                                     {"region": "Nord"}, {"sort": "-fit"}, {"verdict": before["verdict"], "sort": "-fit"}]
    client.store("prospects", "other", {**FIT, "seller": "s2", "industry": "paper", "region": "Nord"})
    for query in queries:
        found = {each["id"]: each["qualification"]["assigned"] for each in client.pages("/v1/prospects", limit=500, **query)}
        assert found.pop("p") == shown and set(found.values()) <= {None}, query
    lines = client.get("/v1/prospects", headers={"Accept": "application/x-ndjson"}).body.decode().splitlines()
    assert [each["qualification"]["assigned"] for each in map(json.loads, lines) if each["id"] == "p"] == [shown]
    text = client.get("/v1/prospects", headers={"Accept": "text/csv"}).body.decode()
    assert {row["id"]: row["qualification_assigned"] and json.loads(row["qualification_assigned"]) for row in csv.DictReader(io.StringIO(text))}["p"] == shown
    assert client.patch("/v1/prospects/p", {"domain": "p.example"}).json["qualification"]["assigned"] == shown
    assert client.put_record("prospects", "p", client.record("prospects", "p")).json["qualification"]["assigned"] == shown, "what GET answers may be PUT back"


def test_the_filter_by_list_finds_what_is_computed(book: Workspace) -> None:
    """As every filter it finds what the record shows under that name; whom somebody put where is the seller's lists."""
    client = book.client
    client.store("prospects", "t", {**FIT, "seller": "s1"})
    assert put(client, "p").status == 200 and take(client, "t") == 204
    found = {list_: [each["id"] for each in client.pages("/v1/prospects", list=list_)] for list_ in ("target", "lead", "none")}
    assert found == {"target": ["t"], "lead": ["p"], "none": []}
    assert client.expect(200, "GET", "/v1/prospects", query={"list": "target", "count": 1})["total"] == 1
    assert (on_list(client), on_list(client, "lead")) == (["p"], [])


HANDS = {"target": ["t"], "lead": ["l", "p"], "taken_off": ["off"], "any": ["l", "off", "p", "t"]}


@pytest.fixture
def hands(book: Workspace) -> Workspace:
    """One put on a target list, two on lead lists, one taken off, one whom nobody touched."""
    client = book.client
    client.expect(200, "PATCH", "/v1/policy", {"max_targets": 9, "max_leads": 9})
    book.wait_settled()
    for id_, seller, industry in (("t", "s1", "paper"), ("l", "s2", "software"), ("off", "s1", "software"), ("plain", "s1", "software")):
        client.store("prospects", id_, {**FIT, "name": f"N {id_}", "seller": seller, "industry": industry, "region": "Nord", "revisit_on": "2026-02-01"})
    for id_, list_, seller in (("t", "target", "s1"), ("l", "lead", "s1"), ("p", "lead", "s2")):
        assert put(client, id_, list_, seller).status == 200
    assert take(client, "off") == 204
    return book


@pytest.mark.parametrize("value", HANDS)
def test_filter_by_hand_finds_what_the_record_shows(hands: Workspace, value: str) -> None:
    client = hands.client
    for sort, limit in ((None, 1), ("id", 2), ("name", 1), ("-fit", 1), ("-fit", 500)):
        query = {"assigned": value, "limit": limit, **({"sort": sort} if sort else {})}
        found = list(client.pages("/v1/prospects", **query))
        assert sorted(each["id"] for each in found) == HANDS[value], query
        everybody = [each["id"] for each in client.pages("/v1/prospects", **({"sort": sort} if sort else {}))]
        assert [each["id"] for each in found] == [id_ for id_ in everybody if id_ in HANDS[value]], "in the order that the whole list has"
    assert client.expect(200, "GET", "/v1/prospects", query={"assigned": value, "count": 1})["total"] == len(HANDS[value])
    lines = client.get("/v1/prospects", headers={"Accept": "application/x-ndjson"}, assigned=value).body.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == HANDS[value]
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/prospects", headers={"Accept": "text/csv"}, assigned=value).body.decode())))
    assert [row["id"] for row in rows] == HANDS[value] and all(row["qualification_assigned"] for row in rows)


@pytest.mark.parametrize("query, wanted", [
    ({"seller": "s1"}, ["off", "t"]), ({"industry": "Software"}, ["l", "off"]), ({"region": "nord"}, ["l", "off", "t"]), ({"q": "n o"}, ["off"]),
    ({"list": "target"}, ["l", "off"]), ({"verdict": "now"}, ["l", "off"]), ({"revisit_before": "2026-02-02"}, ["l", "off", "t"]),
    ({"status": "inactive"}, []), ({"seller": "s1", "industry": "software", "verdict": "now", "sort": "-fit"}, ["off"])])
def test_filter_by_hand_goes_with_every_other(hands: Workspace, query: dict[str, str], wanted: list[str]) -> None:
    """`seller` is the prospect's own, whose list ever it was put on."""
    found = sorted(each["id"] for each in hands.client.pages("/v1/prospects", assigned="any", limit=1, **query))
    assert found == wanted
    assert hands.client.expect(200, "GET", "/v1/prospects", query={"assigned": "any", "count": 1, **query})["total"] == len(wanted)


def test_filter_by_hand_forgets_accounts_and_the_hidden(hands: Workspace) -> None:
    client = hands.client
    client.store("revenue", "first", {"organisation": "t", "amount": 5, "on": "2026-02-01"})
    assert client.delete("/v1/prospects/off").status == 204
    assert [each["id"] for each in client.pages("/v1/prospects", assigned="any")] == ["l", "p"]
    assert client.call("GET", "/v1/prospects?assigned=true").status == client.call("GET", "/v1/accounts?assigned=any").status == 422


def test_taken_off_is_shown_and_over_no_cap(book: Workspace) -> None:
    client = book.client
    for number in range(3):
        client.store("prospects", f"t{number}", {**FIT, "seller": "s1"})
    assert client.record("prospects", "t2")["qualification"]["over_cap"] is True
    assert client.call("DELETE", at("t2"), None, {"X-Actor": "Bob"}, {"reason": "bought elsewhere"}).status == 204
    found = client.record("prospects", "t2")["qualification"]
    assert (found["list"], found["over_cap"]) == ("target", False)
    assert {**found["assigned"], "at": None} == {"list": "target", "seller": "s1", "taken_off": True, "reason": "bought elsewhere", "by": "Bob", "at": None}
    assert on_list(client) == ["t0", "t1"]


def test_hidden_prospects_come_back_as_they_were(book: Workspace) -> None:
    client = book.client
    put(client, "p")
    shown = assigned(client, "p")
    client.delete("/v1/prospects/p")
    assert put(client, "p").status == 404 and on_list(client) == []
    client.store("prospects", "p", {"name": "P"})
    assert assigned(client, "p") == shown and on_list(client) == ["p"]


# --- the history ---


def test_history_says_who_did_what_when_and_why(book: Workspace) -> None:
    client = book.client
    count = len(history(client, "p"))
    assert put(client, "p", reason=REASON).status == 200
    first = assigned(client, "p")
    assert put(client, "p", actor="Eve", reason=REASON).status == 200
    assert len(history(client, "p")) == count + 1, "what stands already is no change"
    assert put(client, "p", list_="lead", seller="s2", actor=None).status == 200
    second = assigned(client, "p")
    assert take(client, "p", "lead", "s2", **{"X-Actor": "Bob"}) == 204
    off, moved, on = history(client, "p")[:3]
    assert [line["cause"] for line in (off, moved, on)] == ["assignment"] * 3
    assert [(line["previous"]["assigned"], line["assigned"]) for line in (on, moved, off)] == [
        (None, first), (first, second), (second, assigned(client, "p"))]
    assert [line["actor"] for line in (on, moved, off)] == ["Ada", None, "Bob"] and on["key"] and on["at"] == first["at"]
    assert (second["list"], second["seller"], second["by"], second["reason"]) == ("lead", "s2", None, None)
    assert [line["list"] for line in (on, moved, off)] == ["lead"] * 3, "the computed one"
    past = client.expect(200, "GET", "/v1/prospects/p/explanation", query={"at": off["at"]})
    assert (past["qualification"]["assigned"], past["cause"]) == (second, "assignment")


def test_other_changes_say_which_assignment_stood(book: Workspace) -> None:
    client = book.client
    put(client, "p")
    shown = assigned(client, "p")
    client.patch("/v1/prospects/p", {"industry": "paper"})
    newest = history(client, "p")[0]
    assert (newest["cause"], newest["verdict"], newest["assigned"], newest["previous"]["assigned"]) == ("write", "not_ours", shown, shown)
    book.pin(TODAY, criteria=[{**CRITERION, "value": ["paper"]}])
    newest = history(client, "p")[0]
    assert (newest["cause"], newest["verdict"]) == ("policy", "now")
    assert newest["assigned"] == newest["previous"]["assigned"] == shown


def test_a_refused_assignment_changes_nothing(book: Workspace) -> None:
    client = book.client
    for number in range(2):
        client.store("prospects", f"t{number}", {**FIT, "seller": "s1"})
    count = len(history(client, "p"))
    assert put(client, "p").status == 409
    assert (assigned(client, "p"), len(history(client, "p"))) == (None, count)


def test_it_ends_with_the_prospect(book: Workspace) -> None:
    client = book.client
    put(client, "p")
    shown = assigned(client, "p")
    client.store("deals", "won", {"organisation": "p", "stage": "won", "amount": 1, "closed_on": TODAY})
    newest = history(client, "p", "accounts")[0]
    assert (newest["cause"], newest["assigned"], newest["previous"]["assigned"]) == ("write", None, shown)
    client.patch("/v1/accounts/p", {"status": "inactive"})
    newest = history(client, "p", "accounts")[0]
    assert (newest["assigned"], newest["previous"]["assigned"]) == (None, None)
    assert on_list(client) == [] and take(client, "p") == 404 and put(client, "p").status == 404


@pytest.mark.parametrize("others", [0, 400])
def test_it_ends_with_the_prospect_when_a_day_comes(book: Workspace, others: int) -> None:
    """Whether the new day is settled at once or written as an edition."""
    client = book.client
    client.import_all("prospects", [{"id": f"o{n}", "revisit_on": "2026-03-02"} for n in range(others)])
    put(client, "p")
    shown = assigned(client, "p")
    client.store("revenue", "r", {"organisation": "p", "amount": 10, "on": "2026-03-02"})
    assert assigned(client, "p") == shown
    book.pin("2026-03-02")
    newest = history(client, "p", "accounts")[0]
    assert (newest["list"], newest["assigned"], newest["previous"]["assigned"]) == ("secondary", None, shown)
    assert on_list(client) == []


def test_an_erased_seller_leaves_the_lists_and_the_history(book: Workspace) -> None:
    client = book.client
    put(client, "p", seller="s2")
    put(client, "p", list_="lead", seller="s2")
    assert client.post("/v1/sellers/s2:erase").status == 204
    assert assigned(client, "p") is None
    moved, on = history(client, "p")[:2]
    assert [line["assigned"]["seller"] for line in (on, moved)] == [None, None] and moved["previous"]["assigned"]["seller"] is None
    assert (on["assigned"]["list"], on["assigned"]["by"]) == ("target", "Ada")


# --- places ---


def test_who_is_there_by_rank_takes_no_further_place(book: Workspace) -> None:
    client = book.client
    for number in range(3):
        client.store("prospects", f"t{number}", {**FIT, "seller": "s1"})
    answer = put(client, "t2")
    assert answer.status == 409 and answer.json["errors"][0]["prospect"] == "t1" and "2 of 2" in answer.json["detail"]
    assert put(client, "t0").status == 200
    assert [(each["prospect"], each["by_hand"], each["over_cap"]) for each in lists(client)["target"]["data"]] == [
        ("t0", True, False), ("t1", False, False), ("t2", False, True)]


def test_the_weakest_is_swapped_in_one_transaction(book: Workspace) -> None:
    """Of five by rank, taking one off lets the next one in: only a swap gets the last one of them onto a full list."""
    client = book.client
    for number in range(5):
        client.store("prospects", f"t{number}", {**FIT, "seller": "s1"})
    weakest = put(client, "t4").json["errors"][0]["prospect"]
    assert weakest == "t1"
    assert take(client, weakest) == 204
    answer = put(client, "t4")
    assert answer.status == 409 and answer.json["errors"][0]["prospect"] == "t2" and "instead_of" in answer.json["detail"]
    swapped = client.put(at("t4"), {"reason": REASON, "instead_of": "t2"}, {"X-Actor": "Ada"})
    assert swapped.status == 200
    assert [(each["prospect"], each["by_hand"], each["over_cap"]) for each in swapped.json["target"]["data"]] == [
        ("t4", True, False), ("t0", False, False), ("t3", False, True)]
    on, off = assigned(client, "t4"), assigned(client, "t2")
    assert off == {**on, "taken_off": True} and on["reason"] == REASON
    for id_, then in (("t4", on), ("t2", off)):
        line = history(client, id_)[0]
        assert (line["cause"], line["actor"], line["assigned"], line["previous"]["assigned"]) == ("assignment", "Ada", then, None)
    again = client.put(at("t4"), {"reason": REASON, "instead_of": "t2"})
    assert (again.status, again.pointers()) == (409, ["/instead_of"])
    assert client.put(at("t4"), {"reason": REASON, "instead_of": "t0"}).status == 200 and on_list(client) == ["t4", "t3"]
    assert len(history(client, "t4")) == 2 and assigned(client, "t4") == on, "that it is there already is no change of it"


def test_a_swap_that_may_not_be_changes_neither(book: Workspace) -> None:
    client = book.client
    for number in range(4):
        client.store("prospects", f"t{number}", {**FIT, "seller": "s1"})
    client.store("prospects", "hidden", {**FIT, "seller": "s1"})
    client.delete("/v1/prospects/hidden")
    for instead_of in ("p", "hidden", "nobody", "a1"):
        answer = client.put(at("t3"), {"instead_of": instead_of})
        assert (answer.status, answer.pointers()) == (409, ["/instead_of"]), instead_of
    assert client.put(at("t3"), {"instead_of": "t2"}).json["errors"][0]["prospect"] == "t1", "t2 takes no place, so none is free"
    for wrong in ("t3", "", 5, "a\nb"):
        answer = client.put(at("t3"), {"instead_of": wrong, "reason": " "})
        assert (answer.status, sorted(answer.pointers())) == (422, ["/instead_of", "/reason"]), wrong
    assert [assigned(client, f"t{number}") for number in range(4)] == [None] * 4
    assert client.get("/v1/prospects/nobody").status == 404


def test_who_is_not_active_neither_gets_nor_is_put(book: Workspace) -> None:
    client = book.client
    assert put(client, "p").status == 200
    client.patch("/v1/sellers/s1", {"active": False})
    client.store("prospects", "q", {"name": "Q"})
    answer = put(client, "q")
    assert (answer.status, answer.json["detail"]) == (409, "the seller is not active, and works on no prospects")
    assert put(client, "p", reason="still").status == 200, "who is there already may be put there again"
    client.patch("/v1/prospects/q", {"status": "inactive"})
    answer = put(client, "q", seller="s2")
    assert (answer.status, answer.json["detail"]) == (409, "the prospect is not active: those are on no list")
    assert assigned(client, "q") is None and take(client, "p") == 204


def test_what_is_an_account_is_said_to_be_one(book: Workspace) -> None:
    answer = put(book.client, "a1")
    assert answer.status == 404 and "it is an account" in answer.json["detail"]


def test_a_lower_cap_takes_nobody_off(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "q", {"name": "Q"})
    assert [put(client, id_).status for id_ in ("p", "q")] == [200, 200]
    book.pin(TODAY, max_targets=1)
    assert [(each["prospect"], each["over_cap"]) for each in lists(client)["target"]["data"]] == [("p", False), ("q", False)]
    assert client.record("prospects", "q")["qualification"]["over_cap"] is False
    assert put(client, "q", reason="still").status == 200, "who is there may be put there again"
    assert [take(client, id_) for id_ in ("p", "q")] == [204, 204]
    book.pin(TODAY, max_targets=0)
    answer = put(client, "p")
    assert (answer.status, answer.json["detail"], answer.json["errors"]) == (409, "the list is full: 0 of 0", [])


def test_the_last_place_goes_to_one_of_many_on_two_instances(book: Workspace, second_server: Server) -> None:
    client = book.client
    client.import_all("prospects", [{"id": f"p{number}"} for number in range(24)])
    addresses = (None, second_server.address)
    with ThreadPoolExecutor(24) as pool:
        statuses = list(pool.map(lambda number: client.twin(address=addresses[number % 2]).put(at(f"p{number}"), None).status, range(24)))
    assert sorted(statuses) == [200] * 2 + [409] * 22
    assert len(on_list(client)) == 2


def test_who_comes_second_waits_for_who_was_first(book: Workspace, second_server: Server) -> None:
    """Both have looked for a place before either has taken it, but for the lock on the seller."""
    client = book.client
    book.pin(TODAY, max_targets=1)
    client.store("prospects", "q", {"name": "Q"})
    answers: list[int] = []
    threads = [threading.Thread(target=lambda id_=id_, on=on: answers.append(put(on, id_).status))
               for id_, on in (("p", client.twin()), ("q", client.twin(address=second_server.address)))]
    connection = book.database.connect()
    connection.autocommit = False
    connection.cursor().execute("LOCK TABLE assignment IN SHARE MODE")
    try:
        for thread in threads:
            thread.start()
        wait_for(lambda: book.database.waiting() == 2, 10, "both to wait")
    finally:
        connection.rollback()
        connection.close()
        for thread in threads:
            thread.join(20)
    assert sorted(answers) == [200, 409] and len(on_list(client)) == 1


# --- calls ---


def test_with_a_key_the_same_request_gets_the_same_answer(book: Workspace, second_server: Server) -> None:
    client, other = book.client, second_server.client(book.key)
    book.pin(TODAY, max_targets=1)
    client.store("prospects", "q", {"name": "Q"})
    calls: list[tuple[str, str, Any, int]] = [("PUT", "p", {"reason": REASON}, 200), ("PUT", "q", None, 409), ("DELETE", "q", None, 404), ("DELETE", "p", None, 204)]
    first = [client.call(method, at(id_), body, {"Idempotency-Key": f"k{number}"}) for number, (method, id_, body, _) in enumerate(calls)]
    again = [other.call(method, at(id_), body, {"Idempotency-Key": f"k{number}"}) for number, (method, id_, body, _) in enumerate(calls)]
    assert [answer.status for answer in first] == [status for *_, status in calls]
    assert [(answer.status, answer.body) for answer in again] == [(answer.status, answer.body) for answer in first]
    assert {answer.headers.get("idempotent-replayed") for answer in again} == {"true"} and "idempotent-replayed" not in first[0].headers
    assert len([line for line in history(client, "p") if line["cause"] == "assignment"]) == 2
    assert client.put(at("q"), None, {"Idempotency-Key": "k0"}).status == 422, "a key is of one request"
    assert client.put(at("q"), None, {"Idempotency-Key": "a b"}).status == 400


def test_what_the_body_may_say(book: Workspace) -> None:
    client = book.client
    for body, pointers in (({"reason": " "}, ["/reason"]), ({"reason": 5, "until": "2026-04-01"}, ["/reason", "/until"]), ([], [""])):
        answer = client.put(at("p"), body)
        assert (answer.status, answer.pointers()) == (422, pointers), str(answer)
    assert client.put(at("p"), {"reason": 5}).json["errors"][0]["detail"] == "must be text in quotes, or null", "it may be left out"
    assert client.put(at("p"), "{", {"Content-Type": "application/json"}).status == 400
    assert client.put(at("p"), "x", {"Content-Type": "text/plain"}).status == 415
    assert client.call("DELETE", at("p"), query={"why": "x"}).status == 422
    assert assigned(client, "p") is None
    for body in ({}, {"reason": None}):
        assert client.put(at("p"), body).status == 200 and assigned(client, "p")["reason"] is None


@pytest.mark.parametrize("list_", ["key", "secondary"])
def test_accounts_by_hand_are_overrides(book: Workspace, list_: str) -> None:
    for answer in (put(book.client, "a1", list_), book.client.delete(at("a1", list_))):
        assert answer.status == 404 and "/v1/accounts/a1/override" in answer.json["detail"], str(answer)
    assert "override" not in put(book.client, "p", "lka").json["detail"]


# --- accounts ---


def test_a_seller_s_accounts_are_on_key_and_secondary(book: Workspace) -> None:
    client = book.client
    client.put("/v1/accounts/a2/override", {"list": "key", "reason": "their new owner", "until": "2026-12-31"})
    client.store("accounts", "silent", {"name": "Silent", "seller": "s2"})
    shown = lists(client, "s2")
    assert [(each["account"], each["name"], each["revenue_12m"]) for each in shown["secondary"]["data"]] == [("a3", "A3", 3000), ("a2", "A2", 2000), ("a1", "A1", 1000)]
    assert [(each["account"], each["tier"]) for each in shown["key"]["data"]] == [("a4", client.record("accounts", "a4")["classification"]["tier"])]
    assert [each["override"] for each in shown["secondary"]["data"]] == [None, client.record("accounts", "a2")["classification"]["override"], None]
    assert {list_: (shown[list_]["count"], shown[list_]["more"]) for list_ in ("key", "secondary")} == {"key": (1, None), "secondary": (3, None)}
    assert lists(client)["key"] == lists(client)["secondary"] == {"data": [], "count": 0, "more": None}


def test_long_lists_of_accounts_say_how_to_read_on(book: Workspace) -> None:
    client = book.client
    client.import_all("accounts", [{"id": f"b{n:03d}", "seller": "s & 1", "industry": ("software", "steel", None)[n % 3], "expected_annual": n}
                                   for n in range(1000)])  # what prospects are ranked by does not count
    client.import_all("revenue", [{"id": f"rb{n}", "organisation": f"b{n:03d}", "amount": 10 + n % 7, "on": "2026-02-01"} for n in range(1000)])
    shown = lists(client, "s & 1")["secondary"]
    assert (len(shown["data"]), shown["count"]) == (500, 1000)
    whole = client.expect(200, "GET", shown["more"] + "&limit=500&count=1")
    assert whole["total"] == 1000 and [each["id"] for each in whole["data"]] == [each["account"] for each in shown["data"]]
