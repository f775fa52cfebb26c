# SPDX-License-Identifier: Apache-2.0
"""One bad row in a batch: it alone gets the refusal, its neighbours are stored. Triggers added by the tests play the bad row."""
from __future__ import annotations

import threading
from typing import Any, Callable

import pytest

from api import sums
from api.client import Answer
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
