# SPDX-License-Identifier: Apache-2.0
"""Prospects: why they have their verdict, judging without saving, lists and caps, and what writes, days and policies change."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable
from urllib.parse import quote

import pytest
from oracle import rules
from oracle.book import Book
from oracle.criteria import judge
from oracle.measures import Facts
from oracle.random_book import random_shelf

from .client import Client, path_of
from .expectation import Differences, plain
from .routes import document
from .schema import Schemas
from .server import Workspace
from .shelf import load, some_criteria

TODAY = "2026-03-01"
SCHEMAS = Schemas(document())
FINDINGS = {True: "passed", False: "failed", None: "unknown"}
CRITERIA = [
    {"id": "industry", "dimension": "market", "attribute": "industry", "op": "in", "value": ["Software", "medical"], "weight": 3,
     "required": True},
    {"id": "size", "dimension": "enterprise", "attribute": "employees", "op": "between", "value": [50, 500], "weight": 1.5},
    {"id": "boss", "dimension": "persona", "attribute": "personas", "op": "any", "value": ["CEO"], "weight": 1},
    {"id": "erp", "dimension": "problem", "attribute": "attributes.erp", "op": "not_in", "value": ["sap"], "weight": 0.5}]
POLICY = {"today": TODAY, "criteria": CRITERIA, "floor_deal": 100, "max_targets": 2, "max_leads": 1}
FIT = {"name": "Fit", "industry": "software", "employees": 100, "attributes": {"erp": "none"}, "expected_annual": 50000, "access": True}


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    """Four clients and a review; the key cut-off is 4,000."""
    workspace.client.expect(200, "PATCH", "/v1/policy", POLICY)
    workspace.wait_settled()
    workspace.client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": n * 1000, "on": "2026-02-01"} for n in range(1, 5)])
    workspace.review()
    return workspace


def qualification(client: Client, id_: str) -> dict[str, Any]:
    return client.record("prospects", id_)["qualification"]


def explain(client: Client, id_: str, **query: Any) -> dict[str, Any]:
    return client.expect(200, "GET", path_of("prospects", id_, "/explanation"), query=query)


def history(client: Client, id_: str) -> list[dict[str, Any]]:
    return list(client.pages(path_of("prospects", id_, "/history"), limit=2))


# --- against the oracle ---


@pytest.mark.parametrize("seed", [71, 72, 73, 74])
def test_explanations_and_judging_without_saving_equal_the_oracle(new_workspace: Callable[..., Workspace], seed: int) -> None:
    """Every criterion and every verdict that holds; and POST /v1/qualify of the record says what its GET does."""
    shelf = random_shelf(seed, 80)
    shelf["policy"]["criteria"] = [{**each, "required": seed % 2 == 0 and each["required"]} for each in some_criteria(seed)]
    shelf["policy"].update({"floor_deal": 5000 * (seed % 3), "fit_threshold": (30, 60)[seed % 2]})
    workspace = new_workspace()
    load(workspace, shelf)
    workspace.review()
    book = Book.load(shelf)
    facts, diff, judged = Facts(book), Differences(), 0
    for id_, each in rules.score(book, rules.review(book)).items():
        if each.kind != "prospect":
            continue
        shown = explain(workspace.client, id_)
        found = {criterion["id"]: criterion["result"] for criterion in shown["criteria"]}
        diff.check(f"{id_!r} criteria", found, {criterion["id"]: FINDINGS[judge(criterion, book.organisations[id_], facts)]
                                                for criterion in book.policy["criteria"]})
        diff.check(f"{id_!r} verdicts", [held["verdict"] for held in shown["verdicts"]], list(each.qualification.holds))
        for held in shown["verdicts"]:
            assert held["because"] or held["verdict"] == "now", (id_, held)
        if shown["size"]["open_deals"] == 0:
            record = workspace.client.record("prospects", id_)
            again = workspace.client.expect(200, "POST", "/v1/qualify", plain({**record, "personas": sorted(set(facts.personas_of[id_]))}))
            diff.check(f"{id_!r} judged", {**again["qualification"], "over_cap": None}, {**record["qualification"], "over_cap": None})
            diff.check(f"{id_!r} judged criteria", again["criteria"], shown["criteria"])
            judged += 1
    diff.verify(24)
    assert judged > 1


def test_the_name_of_a_stub_is_nothing_that_criteria_see(workspace: Workspace) -> None:
    """Neither when it is made, nor when it is judged again: by a write, a policy, or a review; nor when a write says nothing of it."""
    workspace.pin(TODAY, criteria=[{"id": "name", "dimension": "market", "attribute": "name", "op": "exists", "weight": 1}])
    client = workspace.client
    client.store("contacts", "c", {"organisation": "p", "name": "Bo"})
    client.import_rows("deals", [{"id": "d", "organisation": "a", "stage": "won", "closed_on": TODAY, "amount": 5}])
    workspace.review()
    assert client.record("prospects", "p")["qualification"]["fit"] == 0
    potential = client.expect(200, "GET", "/v1/accounts/a/explanation")["potential"]["components"]
    assert [part["points"] for part in potential if part["name"] == "fit"] == [0]
    client.store("contacts", "d", {"organisation": "p", "name": "Al"})
    assert client.record("prospects", "p")["qualification"]["fit"] == 0
    assert client.post("/v1/let-go/a/decisions", {"decision": "keep", "by": "Ada", "reason": "tested"}).status == 201
    assert client.put("/v1/accounts/a/override", {"tier": "key", "reason": "tested", "until": TODAY}).status == 201
    assert client.patch("/v1/prospects/p", {}).status == 200
    client.store("sellers", "s", {"name": "S"})
    assert client.put("/v1/sellers/s/lists/lead/p", {}).status == 200
    stubs = [client.record(kind, id_) for kind, id_ in (("accounts", "a"), ("prospects", "p"))]
    assert [stub["stub"] for stub in stubs] == [True, True]
    assert stubs[1]["qualification"]["fit"] == 0
    client.store("prospects", "p", {"name": "P"})
    assert client.record("prospects", "p")["qualification"]["fit"] == 100


# --- explanations ---


def test_explanation_shows_what_each_criterion_saw(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "p", {**FIT, "employees": None, "attributes": {"erp": ["SAP", 5, True]}})
    client.store("contacts", "c", {"organisation": "p", "name": "Bo", "persona": " ceo"})
    shown = plain(explain(client, "p"))
    seen = {each["id"]: (each["result"], each["saw"]) for each in shown["criteria"]}
    assert seen == {"industry": ("passed", "software"), "size": ("unknown", None), "boss": ("passed", [" ceo"]),
                    "erp": ("failed", ["SAP", 5, True])}
    assert shown["fit"] == {"fit": 66.67, "fit_best": 91.67, "threshold": 60}
    assert (shown["qualification"]["fit"], shown["qualification"]["fit_best"]) == (66.67, 91.67)
    assert [each["verdict"] for each in shown["verdicts"]] == ["now"]


def test_explanation_and_qualify_spell_numbers_as_the_record_does(book: Workspace) -> None:
    """Of two criteria that differ in the last of 17 digits, what they saw tells which passes."""
    client = book.client
    values = {"whole": "7", "id": "12345678901234567", "real": "0.1234567890123456", "tenth": "0.1"}
    wanted = [{"id": name, "dimension": "market", "attribute": f"attributes.{name}", "op": "eq", "value": value, "weight": 1}
              for name, value in {**values, "real": "0.123456"}.items()]
    client.expect(200, "PATCH", "/v1/policy", {"criteria": [*wanted, {**wanted[1], "id": "other id", "value": "12345678901234568"}]})
    body = '{"name": "P", "attributes": {%s}}' % ", ".join(f'"{name}": {value}' for name, value in values.items())
    assert client.put("/v1/prospects/p", body, {"Content-Type": "application/json"}).status == 201
    answers = [client.get("/v1/prospects/p/explanation"), client.post("/v1/qualify", body, {"Content-Type": "application/json"})]
    for answer in answers:
        for name, value in values.items():
            assert f'"saw":{value}}}' in answer.body.decode(), (name, answer.body)
        seen = {each["id"]: (each["result"], each["saw"]) for each in answer.json["criteria"]}
        assert (seen["id"][0], seen["other id"]) == ("passed", ("failed", 12345678901234567))


def test_qualify_before_the_first_review_says_so(client: Client) -> None:
    judged = client.expect(200, "POST", "/v1/qualify", {"name": "P"})
    assert judged["qualification"]["verdict"] is None and judged["note"] == "nothing is judged before the first review"
    assert client.expect(200, "POST", "/v1/qualify", [{}])["data"][0]["note"] == judged["note"]


def test_explanation_compares_the_size_with_the_floors(book: Workspace) -> None:
    book.client.store("prospects", "p", {**FIT, "expected_annual": 99.99})
    shown = plain(explain(book.client, "p"))
    assert shown["size"] == {"expected_annual": 99.99, "expected_annual_source": "given", "expected_deal": 99.99, "open_deals": 0,
                             "largest_open_deal": 0, "floor_deal": 100, "floor_deal_source": "policy", "floor_annual": None,
                             "below_floor_deal": True, "below_floor_annual": False, "key_cutoff": 4000}
    assert shown["qualification"]["verdict"] == "throw_back"
    assert [each["because"] for each in shown["verdicts"]] == [["the deal to be expected is below the floor"]]


def test_explanation_of_the_past_has_the_findings_of_then(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "p", {**FIT, "industry": None})
    client.patch("/v1/prospects/p", {"industry": "medical"})
    changes = history(client, "p")
    assert [(each["verdict"], each["previous"]["verdict"]) for each in changes] == [("now", "unknown"), ("unknown", None)]
    past = explain(client, "p", at=changes[0]["at"])
    assert past["qualification"]["verdict"] == "unknown" and past["recorded_at"] == changes[1]["at"]
    assert {each["id"]: each["result"] for each in past["criteria"]}["industry"] == "unknown"
    assert client.get(path_of("prospects", "p", "/explanation"), at="2020-01-01T00:00:00Z").status == 404


def test_explanation_of_a_promoted_prospect_is_the_accounts(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "ours/now", FIT)
    client.store("deals", "d", {"organisation": "ours/now", "stage": "won", "amount": 1, "closed_on": TODAY})
    for suffix in ("", "/explanation", "/history"):
        answer = client.get(path_of("prospects", "ours/now", suffix))
        assert (answer.status, answer.headers["location"]) == (308, f"/v1/accounts/ours%2Fnow{suffix}"), suffix
    assert "qualification" not in client.record("accounts", "ours/now")
    assert [each["verdict"] for each in history_of_account(client, "ours/now")] == [None, "now"]
    assert explain_status(client, "nobody") == 404


def test_urls_of_a_promoted_prospect_lead_to_the_account(book: Workspace) -> None:
    """With the query they came with: who asks for the past, or for the next page, is answered that."""
    client = book.client
    client.store("prospects", "a/ü", FIT)
    client.patch(path_of("prospects", "a/ü"), {"industry": "retail"})
    pages = client.get(path_of("prospects", "a/ü", "/history"), limit=1).json
    etag = client.get(path_of("prospects", "a/ü")).etag
    between = pages["data"][0]["at"]
    client.store("revenue", "r", {"organisation": "a/ü", "amount": 1, "on": TODAY})

    def moved(method: str, suffix: str = "", body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> str:
        answer = client.call(method, path_of("prospects", "a/ü", suffix), body, headers, query=query)
        assert answer.status == 308 and answer.body == b"", str(answer)
        return answer.headers["location"]

    here = "/v1/accounts/a%2F%C3%BC"
    past = moved("GET", "/explanation", at=between)
    assert past == f"{here}/explanation?at={quote(between, safe='')}"
    shown = client.expect(200, "GET", past)
    assert shown["qualification"]["verdict"] == "now" and shown["classification"]["tier"] is None
    assert {each["id"]: each["result"] for each in shown["criteria"]}["industry"] == "passed"
    assert "qualification" not in client.expect(200, "GET", f"{here}/explanation", query={"at": "2100-01-01T00:00:00Z"})
    assert shown["recorded_at"] == history_of_account(client, "a/ü")[-1]["at"]
    rest = client.expect(200, "GET", moved("GET", "/history", limit=1, cursor=pages["next_cursor"]))["data"]
    assert [each["previous"]["verdict"] for each in rest] == [None]
    assert moved("GET") == moved("PATCH", body={"employees": 5}) == moved("DELETE") == here
    assert moved("PATCH", body={"employees": 5}, headers={"If-Match": etag}) == here
    assert client.record("accounts", "a/ü")["employees"] != 5
    key = {"Idempotency-Key": "erase-it"}
    assert moved("POST", ":erase", headers=key) == moved("POST", ":erase", headers=key) == f"{here}:erase"
    assert client.call("POST", f"{here}:erase").status == 204
    assert client.get(path_of("prospects", "a/ü")).status == client.delete(path_of("prospects", "a/ü")).status == 404


def history_of_account(client: Client, id_: str) -> list[dict[str, Any]]:
    return list(client.pages(path_of("accounts", id_, "/history")))


def explain_status(client: Client, id_: str) -> int:
    return client.get(path_of("prospects", id_, "/explanation")).status


# --- what changes a verdict ---


def test_contacts_and_deals_requalify_their_organisation(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "p", {**FIT, "access": None, "expected_annual": None, "industry": "Medical"})
    assert qualification(client, "p")["expected_annual_source"] == "estimate"
    client.store("deals", "d1", {"organisation": "p", "stage": "open", "amount": 3000})
    client.store("deals", "d2", {"organisation": "p", "stage": "open", "amount": 2000, "opened_on": TODAY})
    client.store("deals", "d3", {"organisation": "p", "stage": "open", "amount": 70000, "opened_on": "2026-03-02"})
    shown = qualification(client, "p")
    assert (shown["expected_annual"], shown["expected_annual_source"], shown["expected_deal"]) == (5000, "deals", 3000)
    assert (shown["verdict"], shown["list"], shown["access"]) == ("now", "lead", None)
    client.store("contacts", "c", {"organisation": "p", "name": "Bo", "persona": "VP"})
    assert (qualification(client, "p")["list"], qualification(client, "p")["access"]) == ("target", True)
    client.store("contacts", "c", {"organisation": "elsewhere", "name": "Bo", "persona": "VP"})
    assert qualification(client, "p")["list"] == "lead"
    client.store("deals", "d1", {"organisation": "p", "stage": "lost", "amount": 3000, "closed_on": TODAY})
    assert (qualification(client, "p")["expected_annual"], qualification(client, "p")["list"]) == (2000, "none")
    assert qualification(client, "elsewhere")["access"] is True
    client.delete("/v1/contacts/c")
    assert qualification(client, "elsewhere")["access"] is None


def test_what_is_to_be_revisited_comes_back_by_itself(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "p", {**FIT, "revisit_on": "2026-03-02"})
    client.store("prospects", "q", {**FIT, "revisit_on": TODAY})
    assert (qualification(client, "p")["verdict"], qualification(client, "q")["verdict"]) == ("later", "now")
    book.pin("2026-03-02")
    assert (qualification(client, "p")["verdict"], qualification(client, "p")["list"]) == ("now", "target")
    assert history(client, "p")[0]["day"] == "2026-03-02" and history(client, "p")[0]["previous"]["verdict"] == "later"


def test_a_policy_without_criteria_knows_nobody(book: Workspace) -> None:
    book.client.store("prospects", "p", FIT)
    book.client.expect(200, "PATCH", "/v1/policy", {"criteria": []})
    book.wait_settled()
    shown = qualification(book.client, "p")
    assert (shown["verdict"], shown["list"], shown["fit"], shown["missing"]) == ("unknown", "none", None, ["policy.criteria"])
    assert history(book.client, "p")[0]["cause"] == "policy"


def test_missing_names_what_would_settle_it_heaviest_first(book: Workspace) -> None:
    book.client.expect(200, "PATCH", "/v1/policy", {"floor_deal": 100000})
    book.wait_settled()
    book.client.store("prospects", "p", {"name": "P"})
    shown = qualification(book.client, "p")
    assert (shown["verdict"], shown["missing"]) == ("unknown", ["industry", "size", "boss", "erp", "expected_annual"])
    book.client.patch("/v1/prospects/p", {"industry": "software", "employees": 60, "attributes": {"erp": "x"}, "expected_annual": 2000000})
    assert (qualification(book.client, "p")["verdict"], qualification(book.client, "p")["missing"]) == ("now", [])


def test_before_a_review_there_is_no_verdict(workspace: Workspace) -> None:
    workspace.client.expect(200, "PATCH", "/v1/policy", POLICY)
    workspace.wait_settled()
    shown = workspace.client.store("prospects", "p", FIT)["qualification"]
    assert (shown["verdict"], shown["list"], shown["missing"]) == (None, None, [])
    assert (plain(shown["fit"]), plain(shown["fit_best"])) == (83.33, 100)
    explained = explain(workspace.client, "p")
    assert "first review" in explained["note"]
    # The policy's floors are there, where it has any; a floor that nobody stated is not a floor of 0.
    floors = ("floor_deal", "floor_deal_source", "floor_annual")
    assert [explained["size"][name] for name in floors] == [POLICY.get("floor_deal"), "policy" if POLICY.get("floor_deal") else None,
                                                            POLICY.get("floor_annual")]
    workspace.client.expect(200, "PATCH", "/v1/policy", {"floor_deal": None, "floor_annual": None})
    workspace.wait_settled()
    assert [explain(workspace.client, "p")["size"][name] for name in floors] == [None, None, None]


def test_the_fit_of_an_account_is_part_of_its_potential(book: Workspace) -> None:
    client = book.client
    client.patch("/v1/accounts/a2", {"industry": "software", "employees": 100})
    parts = client.expect(200, "GET", "/v1/accounts/a2/explanation")["potential"]["components"]
    fit = next(part for part in parts if part["name"] == "fit")
    assert (plain(fit["value"]), plain(fit["share"]), plain(fit["points"])) == (75, 0.75, 17.65)
    client.store("contacts", "c", {"organisation": "a2", "name": "Bo", "persona": "ceo"})
    parts = client.expect(200, "GET", "/v1/accounts/a2/explanation")["potential"]["components"]
    assert plain(next(part for part in parts if part["name"] == "fit")["value"]) == 91.67


# --- caps ---


def test_those_beyond_the_cap_are_over_it_by_fit_size_and_id(book: Workspace) -> None:
    client = book.client
    for id_, expected, erp in (("a", 50000, "x"), ("b", 60000, "x"), ("c", 50000, "x"), ("d", 90000, "sap"), ("other", 4000, "x")):
        client.store("prospects", id_, {**FIT, "seller": "s2" if id_ == "other" else "s1", "expected_annual": expected, "attributes": {"erp": erp}})
    over = {id_: qualification(client, id_)["over_cap"] for id_ in ("a", "b", "c", "d", "other")}
    assert over == {"a": False, "b": False, "c": True, "d": True, "other": False}
    assert {each["id"]: each["qualification"]["over_cap"] for each in client.pages("/v1/prospects", list="target")} == over
    client.store("prospects", "nobodys", FIT)
    assert qualification(client, "nobodys")["over_cap"] is False, "caps do not bind where no seller is known"
    answer = client.put_record("prospects", "c", {**FIT, "seller": "s1", "expected_annual": 50000})
    assert answer.json["qualification"]["over_cap"] is True, "the answer of a write knows its rank"
    client.delete("/v1/prospects/b")
    assert qualification(client, "c")["over_cap"] is False
    client.expect(200, "PATCH", "/v1/policy", {"max_targets": 0})
    book.wait_settled()
    assert qualification(client, "a")["over_cap"] is True


def test_each_write_is_answered_with_its_own_prospect_while_others_write(book: Workspace) -> None:
    """A rank is read behind the write: by then the next batch is under way."""
    def write(seller: int) -> list[str]:
        client, wrong = book.client.twin(), []
        for number in range(40):
            sent = {**FIT, "name": f"P {seller}-{number} " + "x" * 60, "seller": f"s{seller}", "attributes": {"erp": "none", "of": [seller, number] * 9}}
            shown = client.store("prospects", f"p{seller}-{number}", sent)
            if {name: shown[name] for name in ("id", *sent)} != {"id": f"p{seller}-{number}", **sent} or shown["qualification"]["list"] != "target":
                wrong.append(str(shown))
        return wrong
    with ThreadPoolExecutor(12) as pool:
        assert [each for wrong in pool.map(write, range(12)) for each in wrong] == []


# --- lists ---


LISTED = {"now": {}, "big": {"access": None}, "later": {"revisit_on": "2026-06-29"}, "after": {"revisit_on": "2026-06-30"},
          "not": {"industry": "retail"}, "maybe": {"industry": None}, "small": {"expected_annual": 5}, "half": {"employees": None},
          "also": {"access": None, "attributes": {"erp": "SAP"}}, "again": {}, "next": {"access": None}, "more": {}}


@pytest.fixture
def listed(book: Workspace) -> Client:
    for number, (id_, change) in enumerate(LISTED.items()):
        book.client.store("prospects", id_, {**FIT, **change, "name": f"P {id_}", "seller": f"s{number % 2}", "region": "Nord"})
    return book.client


def ids(client: Client, **query: Any) -> list[str]:
    return [each["id"] for each in client.pages("/v1/prospects", limit=2, **query)]


@pytest.mark.parametrize("query", [
    {"verdict": "later"}, {"verdict": "later", "revisit_before": "2026-06-30"}, {"verdict": "unknown", "list": "lead"}, {"list": "target"},
    {"list": "lead", "seller": "s1"}, {"revisit_before": "2027-01-01", "region": "nord"}, {"verdict": "now", "industry": "SOFTWARE "},
    {"verdict": "now", "q": "p b"}, {"seller": "s1", "verdict": "later"}, {"list": "none", "status": "active"}])
def test_filters_leave_what_passes_them(listed: Client, query: dict[str, str]) -> None:
    everything = list(listed.pages("/v1/prospects", limit=500))
    wanted = [each["id"] for each in everything if _passes(each, query)]
    assert wanted, "the test proves nothing"
    assert sorted(ids(listed, **query)) == sorted(wanted)
    assert listed.expect(200, "GET", "/v1/prospects", query={**query, "count": 1})["total"] == len(wanted)


def _passes(each: dict[str, Any], query: dict[str, str]) -> bool:
    found = each["qualification"]
    checks = {"verdict": lambda value: found["verdict"] == value, "list": lambda value: found["list"] == value,
              "seller": lambda value: each["seller"] == value, "revisit_before": lambda value: (each["revisit_on"] or "9") < value,
              "region": lambda value: each["region"].casefold() == value, "status": lambda value: each["status"] == value,
              "industry": lambda value: (each["industry"] or "").casefold() == value.strip().casefold(),
              "q": lambda value: each["name"].casefold().startswith(value)}
    return all(checks[name](value) for name, value in query.items())


@pytest.mark.parametrize("query", [{}, {"verdict": "unknown"}, {"seller": "s0"}, {"seller": "s1", "verdict": "now"}, {"verdict": "now", "list": "target"}])
def test_the_best_fit_comes_first(listed: Client, query: dict[str, str]) -> None:
    everything = [each for each in listed.pages("/v1/prospects", limit=500) if _passes(each, query)]
    wanted = [each["id"] for each in sorted(everything, key=lambda each: (-each["qualification"]["fit"], each["id"]))]
    assert ids(listed, sort="-fit", **query) == wanted and len(wanted) > 1


def test_what_does_not_go_together_is_told(listed: Client) -> None:
    answer = listed.get("/v1/prospects", sort="-fit", q="p")
    assert answer.status == 422 and "verdict" in answer.json["errors"][0]["detail"]
    assert listed.get("/v1/prospects", verdict="maybe").status == 422
    assert listed.get("/v1/prospects", list="key").status == 422


def test_lists_in_full_have_the_qualification(listed: Client) -> None:
    text = listed.get("/v1/prospects", {"Accept": "text/csv"}, verdict="unknown", fields="qualification.verdict,qualification.missing").body
    assert text.decode().splitlines() == ["id,qualification_verdict,qualification_missing", 'half,unknown,"[""size"",""boss""]"',
                                          'maybe,unknown,"[""industry"",""boss""]"']


def test_counts_by_verdict_are_those_of_the_list(listed: Client, book: Workspace) -> None:
    verdicts = [each["qualification"]["verdict"] for each in listed.pages("/v1/prospects")]
    summary = listed.expect(200, "GET", "/v1/summary")["verdicts"]
    assert {name: each["count"] for name, each in summary.items()} == {name: verdicts.count(name) for name in summary}
    assert {name: count for name, count in book.review()["verdicts"].items() if count} == {name: verdicts.count(name) for name in set(verdicts)}


# --- judging without saving ---


def test_qualify_saves_nothing(book: Workspace) -> None:
    shown = book.client.expect(200, "POST", "/v1/qualify", {**FIT, "personas": ["CEO"]})
    assert (shown["id"], shown["qualification"]["verdict"], shown["qualification"]["list"]) == (None, "now", "target")
    assert plain(shown["qualification"]["fit"]) == 100
    assert book.sql("SELECT count(*) FROM organisation WHERE workspace_id = %s AND NOT is_account")[0][0] == 0
    assert book.client_for("read").post("/v1/qualify", {}).status == 200


def test_qualify_many_in_their_order(book: Workspace) -> None:
    bodies = [{**FIT, "id": f"p{number}", "expected_annual": number} for number in range(1000)]
    shown = book.client.expect(200, "POST", "/v1/qualify", bodies)["data"]
    assert [each["id"] for each in shown] == [f"p{number}" for number in range(1000)]
    assert [each["qualification"]["verdict"] for each in shown] == ["throw_back"] * 100 + ["now"] * 900
    assert book.client.expect(200, "POST", "/v1/qualify", []) == {"data": []}
    assert book.client.post("/v1/qualify", [*bodies, {}]).status == 422


def test_qualify_tells_all_errors_at_once(book: Workspace) -> None:
    bad = {"employees": -1, "colour": "red", "personas": ["CEO", 5], "expected_annual": "much"}
    answer = book.client.post("/v1/qualify", bad)
    assert (answer.status, sorted(answer.pointers())) == (422, ["/colour", "/employees", "/expected_annual", "/personas/1"])
    answer = book.client.post("/v1/qualify", [FIT, bad, 5, {"personas": "CEO", "revisit_on": "soon"}])
    assert answer.status == 422
    assert sorted(answer.pointers()) == ["/1/colour", "/1/employees", "/1/expected_annual", "/1/personas/1", "/2", "/3/personas", "/3/revisit_on"]
    assert book.client.post("/v1/qualify", "{").status == 400
    assert book.client.post("/v1/qualify", "5").status == 422


# --- lists by hand ---


def on_list(client: Client, list_: str, seller: str = "s1") -> list[tuple[str, bool, bool]]:
    shown = client.expect(200, "GET", f"/v1/sellers/{seller}/lists")[list_]
    assert shown["count"] == len(shown["data"])
    return [(each["prospect"], each["by_hand"], each["over_cap"]) for each in shown["data"]]


def test_a_seller_s_lists_are_filled_by_rank(book: Workspace) -> None:
    for id_, expected in (("a", 50000), ("b", 60000), ("c", 70000)):
        book.client.store("prospects", id_, {**FIT, "seller": "s1", "expected_annual": expected})
    book.client.store("prospects", "l", {**FIT, "seller": "s1", "access": None})
    assert on_list(book.client, "target") == [("c", False, False), ("b", False, False), ("a", False, True)]
    assert on_list(book.client, "lead") == [("l", False, False)]
    assert book.client.get("/v1/sellers/nobody/lists").status == 404


def test_a_full_list_names_the_weakest_to_swap(book: Workspace) -> None:
    client = book.client
    for id_, expected in (("a", 50000), ("b", 60000)):
        client.store("prospects", id_, {**FIT, "seller": "s1", "expected_annual": expected})
    client.store("prospects", "mine", {"name": "Mine"})
    answer = client.put("/v1/sellers/s1/lists/target/mine", None)
    assert (answer.status, answer.json["errors"][0]["prospect"]) == (409, "a") and "2 of 2" in answer.json["detail"]
    assert not list(SCHEMAS.errors({"$ref": "#/components/schemas/Problem"}, answer.json))
    assert client.delete("/v1/sellers/s1/lists/target/a").status == 204
    assert client.put("/v1/sellers/s1/lists/target/mine", None, {"X-Actor": "Ada"}).status == 200
    assert client.put("/v1/sellers/s1/lists/target/mine", None).status == 200, "again is the same"
    assert on_list(client, "target") == [("mine", True, False), ("b", False, False)]
    assert qualification(client, "mine")["verdict"] == "unknown", "what is computed stays what it is"
    assert qualification(client, "a")["list"] == "target" and qualification(client, "a")["over_cap"] is False
    client.store("prospects", "z", {**FIT, "seller": "s1", "expected_annual": 90000})
    assert on_list(client, "target") == [("mine", True, False), ("z", False, False), ("b", False, True)]
    assert (qualification(client, "z")["over_cap"], qualification(client, "b")["over_cap"]) == (False, True)
    client.store("deals", "won", {"organisation": "mine", "stage": "won", "amount": 1, "closed_on": TODAY})
    assert on_list(client, "target") == [("z", False, False), ("b", False, False)], "an account leaves its place"
    assert qualification(client, "b")["over_cap"] is False


def test_taking_off_a_list_needs_it_to_be_there(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "p", {**FIT, "seller": "s1"})
    for path in ("/v1/sellers/s1/lists/lead/p", "/v1/sellers/s2/lists/target/p", "/v1/sellers/s1/lists/target/nobody"):
        assert client.delete(path).status == 404, path
    assert client.delete("/v1/sellers/s1/lists/target/p").status == 204
    assert client.delete("/v1/sellers/s1/lists/target/p").status == 404
    assert client.put("/v1/sellers/s1/lists/target/p", None).status == 200, "and back"
    for path in ("/v1/sellers/nobody/lists/target/p", "/v1/sellers/s1/lists/target/nobody", "/v1/sellers/s1/lists/key/p",
                 "/v1/sellers/s1/lists/target/a1"):
        assert client.put(path, None).status == 404, path
    assert book.client_for("read").put("/v1/sellers/s1/lists/target/p", None).status == 403


def test_the_last_place_goes_to_one_of_many(book: Workspace) -> None:
    client = book.client
    client.store("sellers", "s1", {"name": "Ada"})
    client.import_all("prospects", [{"id": f"p{number}"} for number in range(12)])
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda number: client.twin().put(f"/v1/sellers/s1/lists/target/p{number}", None).status, range(12)))
    assert sorted(statuses) == [200] * 2 + [409] * 10
    assert len(on_list(client, "target")) == 2


def test_erasing_takes_a_prospect_off_every_list(book: Workspace) -> None:
    book.client.store("sellers", "s1", {"name": "Ada"})
    book.client.store("prospects", "p", {"name": "P"})
    book.client.put("/v1/sellers/s1/lists/lead/p", None)
    assert on_list(book.client, "lead") == [("p", True, False)]
    assert book.client.post("/v1/prospects/p:erase").status == 204
    assert on_list(book.client, "lead") == [] and book.value("SELECT count(*) FROM assignment WHERE workspace_id = %s") == 0
