# SPDX-License-Identifier: Apache-2.0
"""One bad row in a batch: it alone gets the refusal, its neighbours are stored. Triggers added by the tests play the bad row."""
from __future__ import annotations

import threading
import time
from typing import Any, Callable

import pytest

from api import sums
from api.client import Answer, Client
from api.server import Database, Server, Workspace, wait_for

from .load import metric, put_together, wait_for_held_writer, writers_held

NEIGHBOURS = 30
REFUSE = """
CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.id = 'bad' THEN RAISE EXCEPTION 'refused by the test' USING ERRCODE = '{code}'; END IF;
	RETURN NEW;
END $$"""
AT_COMMIT = ("CREATE CONSTRAINT TRIGGER refuse_at_commit AFTER INSERT OR UPDATE ON organisation DEFERRABLE INITIALLY DEFERRED"
             " FOR EACH ROW EXECUTE FUNCTION refuse_one()")
AT_ROW = "CREATE TRIGGER refuse_at_row BEFORE INSERT OR UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION refuse_one()"


@pytest.fixture
def single(own_database: Database, new_server: Callable[..., Server]) -> tuple[Server, Workspace]:
    """One worker on a database of its own, so that all writes meet in one lane."""
    server = new_server(own_database, workers=1, statement_ms=20000)
    return server, Workspace(server)


def harm(database: Database, trigger: str, code: str = "23514") -> None:
    database.rows(REFUSE.format(code=code))
    database.rows(trigger)


@pytest.mark.parametrize("trigger", [AT_COMMIT, AT_ROW], ids=["commit fails at the Sync", "row fails in mid-batch"])
@pytest.mark.parametrize("code", ["23514", "P0001", "22003"])
def test_guilty_row_is_refused_and_neighbours_are_stored(single: tuple[Server, Workspace], trigger: str, code: str) -> None:
    server, workspace = single
    harm(workspace.database, trigger, code)
    records: dict[str, dict[str, Any]] = {f"n{number}": {"name": "neighbour"} for number in range(NEIGHBOURS)}
    records["bad"] = {"name": "bad"}
    statuses = put_together(workspace, server, records)
    assert statuses.pop("bad") in (409, 422, 500, 503)
    assert set(statuses.values()) == {201}, statuses
    stored = {id_ for id_, in workspace.sql("SELECT id FROM organisation WHERE workspace_id = %s")}
    assert stored == set(statuses)
    assert metric(server, "sweetspot_batch_splits_total") >= 1, "nothing was split: the rows did not travel together, and this proves nothing"
    assert workspace.client.get("/v1/accounts/bad").status == 404
    sums.verify(workspace)


AT_SCORE = "CREATE TRIGGER refuse_at_score BEFORE INSERT OR UPDATE ON standing FOR EACH ROW EXECUTE FUNCTION refuse_one()"


@pytest.mark.parametrize("code, answered", [("57014", 503), ("23514", 500)], ids=["time-out", "refusal"])
def test_what_fails_right_before_the_commit_leaves_nothing_to_the_next_write(own_database: Database, new_server: Callable[..., Server], code: str,
                                                                             answered: int) -> None:
    """Scores travel with the COMMIT behind them, which is then skipped: the session is still in the failed transaction."""
    server = new_server(own_database, workers=1, write_links=1)
    workspace = Workspace(server)
    workspace.database.rows(REFUSE.format(code=code).replace("NEW.id", "NEW.organisation"))
    workspace.database.rows(AT_SCORE)
    for number in range(3):
        assert workspace.client.put("/v1/accounts/bad", {"name": "bad"}).status == answered
        answer = workspace.client.put(f"/v1/accounts/n{number}", {"name": "next"})
        assert answer.status == 201, f"{answer}\n{server.log_text()[-2000:]}"


def test_bad_row_of_an_import_is_refused_and_the_others_are_stored(single: tuple[Server, Workspace]) -> None:
    server, workspace = single
    harm(workspace.database, AT_ROW)
    rows = [{"id": f"n{number}"} for number in range(500)]
    rows.insert(250, {"id": "bad"})
    answer = workspace.client.import_rows("accounts", rows)
    stored = workspace.value("SELECT count(*) FROM organisation WHERE workspace_id = %s")
    assert answer.status == 200, str(answer)
    assert (answer.json["created"], answer.json["rejected"], stored) == (500, 1, 500)
    assert answer.json["errors"][0]["row"] == 251


def test_bad_row_of_an_atomic_import_writes_nothing(single: tuple[Server, Workspace]) -> None:
    _, workspace = single
    harm(workspace.database, AT_ROW)
    answer = workspace.client.import_rows("accounts", [{"id": f"n{number}"} for number in range(50)] + [{"id": "bad"}], on_error="abort")
    assert answer.status in (409, 422, 500, 503), str(answer)
    assert workspace.value("SELECT count(*) FROM organisation WHERE workspace_id = %s") == 0


def test_row_that_somebody_has_locked_holds_up_nobody_else(own_database: Database, new_server: Callable[..., Server]) -> None:
    """Who travelled with it waits once, for as long as a lock is waited for; who comes later not at all. Then it gets its turn."""
    server = new_server(own_database, workers=1, request_ms=20000)
    workspace = Workspace(server)
    workspace.client.store("accounts", "locked", {"name": "before"})
    statuses: dict[str, int] = {}

    def put(id_: str) -> None:
        statuses[id_] = workspace.client.twin().put(f"/v1/accounts/{id_}", {"name": "after"}).status

    threads = [threading.Thread(target=put, args=(id_,)) for id_ in ("locked", *(f"beside{number}" for number in range(20)))]
    connection = own_database.connect()
    connection.autocommit = False
    try:
        connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'locked' FOR UPDATE", (workspace.id,))
        for thread in threads:
            thread.start()
        wait_for(lambda: len(statuses) == 20, 8, "those beside it to be stored")
        late = 0
        for number in range(50):
            started = time.monotonic()
            put(f"later{number}")
            late += time.monotonic() - started > 1
        assert late <= 5, "writes waited for a row that is not their own"  # a slow disk may hold one up, not all of them
        assert "locked" not in statuses
    finally:
        connection.rollback()
        connection.close()
    threads[0].join(20)
    assert statuses.pop("locked") == 200
    assert set(statuses.values()) == {201}
    assert workspace.client.record("accounts", "locked")["name"] == "after"


def test_row_that_stays_locked_is_refused_as_contended(own_database: Database, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, workers=1, request_ms=4000))
    workspace.client.store("accounts", "locked", {"name": "before"})
    connection = own_database.connect()
    connection.autocommit = False
    try:
        connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'locked' FOR UPDATE", (workspace.id,))
        answer = workspace.client.put("/v1/accounts/locked", {"name": "after"})
        # The last attempt may outlive a request whose time is over; none comes behind it.
        wait_for(lambda: own_database.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0, 10, "nobody who waits for the row")
    finally:
        connection.rollback()
        connection.close()
    assert (answer.status, answer.json["type"].rsplit("/", 1)[1]) in ((503, "contended"), (503, "deadline")), str(answer)
    assert int(answer.headers["retry-after"]) >= 1
    assert workspace.client.record("accounts", "locked")["name"] == "before"
    assert workspace.client.put("/v1/accounts/locked", {"name": "after"}).status == 200


FAIL_SOME_TIMES = """
CREATE SEQUENCE tries;
CREATE FUNCTION fail_some_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF nextval('tries') <= {times} THEN RAISE EXCEPTION 'by the test' USING ERRCODE = '{code}'; END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER fail_some_times BEFORE INSERT ON organisation FOR EACH ROW EXECUTE FUNCTION fail_some_times()"""


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
def test_batch_that_met_another_is_tried_again(single: tuple[Server, Workspace], code: str) -> None:
    """Serialization failure, deadlock, lock that is not to be had."""
    _, workspace = single
    workspace.database.rows(FAIL_SOME_TIMES.format(times=3, code=code))
    assert workspace.client.put("/v1/accounts/a", {"name": "A"}).status == 201
    assert workspace.database.value("SELECT last_value FROM tries") == 4


def test_batch_that_meets_another_every_time_is_given_up(single: tuple[Server, Workspace]) -> None:
    """Long before its deadline: what is refused may be sent again, and others wait behind it."""
    _, workspace = single
    workspace.database.rows(FAIL_SOME_TIMES.format(times=10 ** 9, code="40P01"))
    started = time.monotonic()
    answer = workspace.client.put("/v1/accounts/a", {"name": "A"})
    assert (answer.status, int(answer.headers["retry-after"]) >= 1) == (503, True), str(answer)
    assert workspace.database.value("SELECT last_value FROM tries") == 8
    assert time.monotonic() - started < 10


def test_rows_that_are_there_and_rows_that_are_not_travel_together(client: Client) -> None:
    """Fewer rows come back than were asked for, and not those that were asked for first."""
    client.import_all("accounts", [{"id": f"a{number}", "name": f"old {number}", "industry": str(number)} for number in (1, 4, 5, 8)])
    answer = client.import_rows("accounts", [{"id": f"a{number}", "name": f"new {number}"} for number in range(10)], "json")
    assert (answer.json["created"], answer.json["updated"]) == (6, 4), answer.json
    records = [client.record("accounts", f"a{number}") for number in range(10)]
    assert [record["name"] for record in records] == [f"new {number}" for number in range(10)]
    assert [record["industry"] for record in records] == [str(number) if number in (1, 4, 5, 8) else None for number in range(10)]


def test_facts_of_one_day_in_one_batch_add_up(workspace: Workspace) -> None:
    """Their sums have one key: the differences are one row, or the statement would meet its own, and the batch be split until it does not."""
    splits = metric(workspace.server, "sweetspot_batch_splits_total")
    rows = [{"id": f"r{number}", "organisation": "a", "amount": 10, "on": "2026-01-05"} for number in range(20)]
    assert workspace.client.import_all("revenue", rows)["created"] == 20
    assert metric(workspace.server, "sweetspot_batch_splits_total") == splits
    sums.verify(workspace)


SLOW_ROWS = """
CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
CREATE TRIGGER take_time BEFORE INSERT ON organisation FOR EACH ROW EXECUTE FUNCTION take_time()"""


def test_two_instances_that_write_the_same_in_opposite_order_do_not_deadlock(own_database: Database, new_server: Callable[..., Server]) -> None:
    servers = [new_server(own_database, workers=1) for _ in range(2)]
    workspace = Workspace(servers[0])
    own_database.rows(SLOW_ROWS)
    rows = [{"id": id_} for id_ in ("a", "b", "c")]
    answers: list[Answer] = []

    def load(server: Server, own: list[dict[str, str]]) -> None:
        answers.append(server.client(workspace.key).import_rows("accounts", own, "json"))

    threads = [threading.Thread(target=load, args=(server, rows[::step])) for server, step in zip(servers, (1, -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # A session tells of its deadlocks at the latest when it ends.
    assert [server.stop() for server in servers] == [0, 0]
    assert own_database.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    assert sorted(answer.json["created"] for answer in answers) == [0, 3], answers


def test_two_instances_that_write_facts_of_one_account_both_count(own_database: Database, new_server: Callable[..., Server]) -> None:
    """Both wait for the account, and have looked at other rows before: who comes second must see what the first has written."""
    servers = [new_server(own_database, workers=1, statement_ms=20000) for _ in range(2)]
    workspace = Workspace(servers[0])
    workspace.client.store("accounts", "a", {"name": "A"})
    statuses: list[int] = []

    def put(number: int) -> None:
        client = servers[number].client(workspace.key)
        statuses.append(client.put(f"/v1/revenue/r{number}", {"organisation": "a", "amount": 100, "on": f"2026-01-0{number + 1}"}).status)

    connection = own_database.connect()
    connection.autocommit = False
    connection.cursor().execute("SELECT FROM organisation WHERE workspace_id = %s AND id = 'a' FOR UPDATE", (workspace.id,))
    threads = [threading.Thread(target=put, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    wait_for(lambda: own_database.waiting() == 2, 10, "both to wait")
    connection.rollback()
    connection.close()
    for thread in threads:
        thread.join(30)
    assert statuses == [201, 201]
    sums.verify(workspace)
    assert workspace.value("SELECT revenue_12m FROM standing_in_force WHERE workspace_id = %s AND organisation = 'a'") == 20000


def test_key_of_a_request_that_is_under_way_is_409(own_database: Database, new_server: Callable[..., Server]) -> None:
    server = new_server(own_database, workers=1)
    workspace = Workspace(server)
    answers: list[Answer] = []

    def load(client: Client) -> Answer:
        return client.import_rows("accounts", [{"id": "a"}], headers={"Idempotency-Key": "k"})

    with writers_held(workspace):
        thread = threading.Thread(target=lambda: answers.append(load(workspace.client.twin())))
        thread.start()
        wait_for_held_writer(own_database)
        other = workspace.client.twin()
        other.timeout = 5
        assert load(other).status == 409
    thread.join(30)
    assert [(answer.status, answer.json["created"]) for answer in answers] == [(200, 1)]
    again = load(workspace.client)
    assert (again.status, again.json["created"], again.headers["idempotent-replayed"]) == (200, 1, "true")


def test_write_whose_request_was_given_up_is_nobodys_answer(own_database: Database, new_server: Callable[..., Server]) -> None:
    """Its batch goes on with what the request owned, while others are served from the same memory."""
    server = new_server(own_database, workers=1, request_ms=700, statement_ms=20000)
    workspace = Workspace(server)
    late = [workspace.client.twin() for _ in range(20)]
    records = {f"late{number}": {"name": "late " + "x" * 900, "attributes": {"number": number}} for number in range(20)}
    wrong: list[Any] = []
    with writers_held(workspace):
        threads = [threading.Thread(target=lambda client=client, each=each: wrong.append(client.put(f"/v1/accounts/{each[0]}", each[1]).status))
                   for client, each in zip(late, records.items())]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert wrong == [503] * 20
        for client in late:
            client.close()
        for number in range(200):
            answer = workspace.client.get(f"/v1/accounts/nobody{number}?" + "x" * number)
            assert answer.status in (404, 422), str(answer)
    wait_for(lambda: metric(server, "sweetspot_queue_rows") == 0, 10, "the queue to be empty")
    for number in range(200):
        answer = workspace.client.put(f"/v1/accounts/n{number}", {"name": f"n{number}"})
        assert (answer.status, answer.json["name"]) == (201, f"n{number}"), str(answer)
    for id_, name, attributes in workspace.sql("SELECT id, name, attributes FROM organisation WHERE workspace_id = %s AND id LIKE 'late%%'"):
        assert {"name": name, "attributes": attributes} == records[id_]
    assert server.stop() == 0, server.log_text()[-3000:]


def test_refused_by_the_rules_in_one_batch_with_good_ones(single: tuple[Server, Workspace]) -> None:
    """What the merge refuses (no database error) must not disturb the batch either."""
    server, workspace = single
    workspace.client.store("accounts", "a", {"name": "A"})
    records = {f"n{number}": {"name": "neighbour"} for number in range(NEIGHBOURS)}
    statuses = put_together(workspace, server, {**records, "a": {"name": "A", "status": "let_go"}})
    assert statuses.pop("a") == 422
    assert set(statuses.values()) == {201}
    assert metric(server, "sweetspot_batch_splits_total") == 0


@pytest.fixture
def answers_of_one_batch(single: tuple[Server, Workspace]) -> tuple[Workspace, list[tuple[str, Answer]]]:
    """Twenty PUTs of one record by twenty clients that travel in one batch: (name put, answer)."""
    server, workspace = single
    answers: list[tuple[str, Answer]] = []

    def put(name: str) -> None:
        answers.append((name, workspace.client.twin().put("/v1/accounts/one", {"name": name})))

    threads = [threading.Thread(target=put, args=(f"N{number}",)) for number in range(20)]
    with writers_held(workspace):
        threads[0].start()
        wait_for_held_writer(workspace.database)
        for thread in threads[1:]:
            thread.start()
        wait_for(lambda: metric(server, "sweetspot_queue_rows") >= 19, 10, "the others in the queue")
    for thread in threads:
        thread.join(30)
    assert len(answers) == 20
    return workspace, answers


def test_same_record_twenty_times_in_one_batch_is_created_once_and_counts_every_version(
        answers_of_one_batch: tuple[Workspace, list[tuple[str, Answer]]]) -> None:
    workspace, answers = answers_of_one_batch
    assert sorted(answer.status for _, answer in answers) == [200] * 19 + [201]
    assert workspace.client.record("accounts", "one")["name"] in [name for name, _ in answers]
    assert workspace.value("SELECT version FROM organisation WHERE workspace_id = %s AND id = 'one'") == 20


def test_same_record_twenty_times_in_one_batch_answers_each_with_its_own_version(
        answers_of_one_batch: tuple[Workspace, list[tuple[str, Answer]]]) -> None:
    """Else an If-Match on the answer's ETag would overwrite a neighbour's write unseen."""
    _, answers = answers_of_one_batch
    assert [answer.json["name"] for _, answer in answers] == [name for name, _ in answers]
    assert len({answer.etag for _, answer in answers}) == 20


@pytest.mark.parametrize("path, body, done, counted", [("/v1/accounts/a{}", {"name": "A"}, 201, "organisation WHERE is_account AND"),
                                                       ("/v1/sellers/s{0}/lists/target/p{0}", None, 200, "assignment WHERE is_on AND")])
def test_workspace_over_its_share_is_429_while_others_are_served(own_database: Database, new_server: Callable[..., Server], path: str, body: Any,
                                                                 done: int, counted: str) -> None:
    """With a queue of 100 rows of which one workspace may fill ten."""
    server = new_server(own_database, workers=1, statement_ms=20000, queue_rows=100, workspace_share_pct=10)
    greedy, modest = Workspace(server), Workspace(server)
    answers: list[Answer] = []
    for kind, letter in (("sellers", "s"), ("prospects", "p")):
        greedy.client.import_all(kind, [{"id": f"{letter}{number}"} for number in range(40)])

    def put(number: int) -> None:
        answers.append(greedy.client.twin().put(path.format(number), body))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(40)]
    with writers_held(greedy):
        threads[0].start()
        wait_for_held_writer(own_database)
        for thread in threads[1:]:
            thread.start()
        wait_for(lambda: len(answers) >= 25, 10, "refusals")
        assert {answer.status for answer in answers} == {429}
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
        assert all(answer.headers["content-type"].startswith("application/problem+json") for answer in answers)
        assert modest.client.get("/v1/accounts").status == 200
    for thread in threads:
        thread.join(30)
    assert {answer.status for answer in answers} == {done, 429}
    assert modest.client.put("/v1/accounts/a", {"name": "A"}).status == 201
    stored = greedy.value(f"SELECT count(*) FROM {counted} workspace_id = %s")
    assert stored == sum(answer.status == done for answer in answers)
