# SPDX-License-Identifier: Apache-2.0
"""openapi.yaml, the README and docs/ against the program: routes, fields, settings, metrics, errors, and every example run."""
from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Iterator
from urllib.parse import quote, urlencode

import pytest

from .client import Answer, Client
from .routes import METHODS, document
from .schema import APPLICATORS, CHECKS, NOTES, Schemas
from .server import REPOSITORY, Database, Server, Workspace, run

API = document()
SCHEMAS = Schemas(API)
KINDS = ("sellers", "accounts", "prospects", "contacts", "deals", "activities", "revenue")
DEMO_ACCOUNTS = "120"


class Operation:
    """One method of one path."""

    def __init__(self, path: str, method: str) -> None:
        self.path = path
        self.method = method.upper()
        self.about = API["paths"][path][method]
        self.id: str = self.about["operationId"]
        shared = API["paths"][path].get("parameters", [])
        self.parameters = [SCHEMAS.resolve(each) for each in shared + self.about.get("parameters", [])]

    def __str__(self) -> str:
        return self.id

    @property
    def role(self) -> str:
        """As the description says it; none: open."""
        if self.about.get("security") == []:
            return "none"
        found = re.findall(r"Needs role\s+`(\w+)`", self.about["description"])
        return found[0] if len(found) == 1 else f"said {len(found)} times"

    def bodies(self) -> list[tuple[str, Any]]:
        """(media type, example) of every body that has one; one empty body where there is none."""
        content = self.about.get("requestBody", {}).get("content", {})
        return [(media, each["example"]) for media, each in content.items() if "example" in each] or [("", None)]

    def responses(self) -> dict[str, Any]:
        return {code: SCHEMAS.resolve(each) for code, each in self.about["responses"].items()}

    def url(self) -> str:
        """The path with its parameters' examples, and those of the query."""
        path = self.path
        query = {}
        for each in self.parameters:
            if each["in"] == "path":
                path = path.replace("{" + each["name"] + "}", quote(str(each["example"]), safe=""))
            if each["in"] == "query" and "example" in each:
                query[each["name"]] = each["example"]
        return path + ("?" + urlencode(query) if query else "")

    def headers(self, media: str) -> dict[str, str]:
        sent = {each["name"]: each["example"] for each in self.parameters if each["in"] == "header" and "example" in each}
        if "Idempotency-Key" in sent:
            sent["Idempotency-Key"] += "-" + self.id + media.replace("/", "-")
        return {**sent, **({"Content-Type": media} if media else {})}

    def call(self, client: Client, media: str, body: Any) -> Answer:
        """Send one example; the answer is 2xx and what the page says of it."""
        text = None if body is None else body if isinstance(body, str) else json.dumps(body)
        answer = client.call(self.method, self.url(), text, self.headers(media))
        assert 200 <= answer.status < 300, f"{self.method} {self.url()}: {answer}"
        self.check(answer)
        return answer

    def check(self, answer: Answer) -> None:
        """The answer is one of those the page lists, in every member."""
        code = str(answer.status)
        assert code in self.about["responses"], f"{self.method} {self.url()} answers {code}, which is not listed"
        content = self.responses()[code].get("content", {})
        media = answer.headers.get("content-type", "").split(";")[0]
        assert media in content or not (media or content), f"{self.method} {self.url()} answers {media or 'nothing'}, listed: {list(content)}"
        if media.endswith("json") and "ndjson" not in media:
            errors = list(SCHEMAS.errors(content[media]["schema"], answer.json))
            assert not errors, f"{self.method} {self.url()}:\n" + "\n".join(errors[:20]) + f"\n{answer}"


OPERATIONS = [Operation(path, method) for path, item in API["paths"].items() for method in METHODS if method in item]
BY_ID = {operation.id: operation for operation in OPERATIONS}


def of_kind(method: str, suffix: str) -> list[Operation]:
    return [BY_ID[API["paths"][f"/v1/{kind}{suffix}"][method]["operationId"]] for kind in KINDS]


# --- the page itself ---


def walk(node: Any, at: str = "#") -> Iterator[tuple[str, Any]]:
    """Every mapping and list in the document with its place."""
    yield at, node
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from walk(value, f"{at}/{name}")


def test_every_reference_resolves_and_every_component_is_used() -> None:
    used = Counter(node["$ref"] for _, node in walk(API) if isinstance(node, dict) and isinstance(node.get("$ref"), str))
    for reference in used:
        assert SCHEMAS.resolve({"$ref": reference}) is not None
    used.update("/".join(reference.split("/")[:4]) for reference in list(used))
    components = {f"#/components/{kind}/{name}" for kind in ("parameters", "headers", "responses", "schemas")
                  for name in API["components"][kind]}
    assert components - set(used) == set()


def test_operations_are_named_once_tagged_described_and_have_errors() -> None:
    tags = {each["name"] for each in API["tags"]}
    assert [name for name, count in Counter(each.id for each in OPERATIONS).items() if count > 1] == []
    for each in OPERATIONS:
        assert each.about["summary"] and each.about["description"], each.id
        assert set(each.about["tags"]) <= tags, each.id
        assert each.role == "none" or {"401", "403", "503"} <= set(each.about["responses"]), each.id


def schemas_in(node: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, each in walk(node, at):
        if isinstance(each, dict) and isinstance(each.get("schema"), dict):
            yield place + "/schema", each["schema"]


def every_schema() -> Iterator[tuple[str, dict[str, Any]]]:
    waiting = [(f"schemas/{name}", each) for name, each in API["components"]["schemas"].items()] + list(schemas_in(API["paths"], "paths"))
    while waiting:
        at, schema = waiting.pop()
        yield at, schema
        waiting += [(f"{at}/{name}", each) for name, each in schema.get("properties", {}).items()]
        for keyword in ("allOf", "anyOf"):
            waiting += [(f"{at}/{keyword}", each) for each in schema.get(keyword, [])]
        waiting += [(f"{at}/{keyword}", schema[keyword]) for keyword in ("items", "additionalProperties", "propertyNames")
                    if isinstance(schema.get(keyword), dict)]


def test_schemas_use_known_keywords_alone() -> None:
    for at, schema in every_schema():
        assert isinstance(schema, dict) and set(schema) <= NOTES | APPLICATORS | set(CHECKS), (at, schema)


def test_examples_fit_their_schemas() -> None:
    wrong = []
    for at, node in walk(API):
        if isinstance(node, dict) and "example" in node and isinstance(node.get("schema"), dict):
            wrong += [f"{at}: {error}" for error in SCHEMAS.errors(node["schema"], node["example"])]
    assert wrong == []


# --- the program ---


def test_routes_agree_both_ways(database: Database) -> None:
    served = sorted(run(database, "routes").splitlines())
    assert sorted(f"{each.method} {each.path} {each.role}" for each in OPERATIONS) == served


def test_page_is_served_as_it_stands(server: Server) -> None:
    answer = server.client().get("/openapi.yaml")
    assert (answer.status, answer.body) == (200, (REPOSITORY / "openapi.yaml").read_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_record_fields_agree_both_ways(client: Client, kind: str) -> None:
    put = BY_ID[API["paths"][f"/v1/{kind}/{{id}}"]["put"]["operationId"]]
    media, example = put.bodies()[0]
    schema = put.about["requestBody"]["content"][media]["schema"]
    said = client.call("PUT", put.url(), {**example, "no_such_field": 1})
    assert (said.status, said.pointers()) == (422, ["/no_such_field"])
    known = set(re.search(r"known are (.*)", said.json["errors"][0]["detail"])[1].split(", "))
    assert SCHEMAS.names(SCHEMAS.resolve(schema)["allOf"][0]) | {"id"} == known
    for name in SCHEMAS.names(schema):
        answer = client.call("PUT", put.url(), {**example, name: example.get(name)})
        refused = [error["detail"] for error in answer.json.get("errors", []) if "is not a field" in error["detail"]]
        assert not refused, f"{kind} {name}: {refused}"


@pytest.mark.parametrize("kind", KINDS)
def test_answer_may_be_put_back(client: Client, kind: str) -> None:
    put = BY_ID[API["paths"][f"/v1/{kind}/{{id}}"]["put"]["operationId"]]
    media, example = put.bodies()[0]
    shown = put.call(client, media, example).json
    put.check(client.call("PUT", put.url(), shown))


# --- every example, against a demo book ---


@pytest.fixture(scope="module")
def demo(server: Server) -> Workspace:
    """A demo book with the examples' records in it, and a review."""
    workspace = Workspace(server)
    run(workspace.database, "demo", "--workspace", workspace.name, "--accounts", DEMO_ACCOUNTS, "--seed", "1")
    for operation in of_kind("put", "/{id}"):
        for media, body in operation.bodies():
            operation.call(workspace.client, media, body)
    BY_ID["postReview"].call(workspace.client, "", None)
    workspace.wait_settled()
    return workspace


def examples(wanted: Callable[[Operation], bool]) -> list[Any]:
    return [pytest.param(operation, media, body, id=f"{operation}{'-' * bool(media)}{media.split('/')[-1]}")
            for operation in OPERATIONS if wanted(operation) for media, body in operation.bodies()]


def ends_it(operation: Operation) -> bool:
    return operation.method == "DELETE" or operation.path.endswith(":erase")


@pytest.mark.parametrize("operation, media, body", examples(lambda each: not ends_it(each)))
def test_example_is_answered_as_described(demo: Workspace, operation: Operation, media: str, body: Any) -> None:
    operation.call(demo.client, media, body)
    if operation.path.startswith("/v1/policy"):
        demo.wait_settled()


@pytest.mark.parametrize("operation, media, body", examples(ends_it))
def test_example_that_ends_a_record_is_answered_as_described(demo: Workspace, operation: Operation, media: str, body: Any) -> None:
    put = BY_ID[API["paths"][operation.path.removesuffix(":erase")]["put"]["operationId"]]
    put.call(demo.client, *put.bodies()[0])
    operation.call(demo.client, media, body)
    path = operation.path.removesuffix(":erase")
    if "get" in API["paths"][path]:
        assert demo.client.get(operation.url().removesuffix(":erase")).status == 404
    put.call(demo.client, *put.bodies()[0])


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.method == "GET"], ids=str)
def test_every_query_parameter_is_taken(demo: Workspace, operation: Operation) -> None:
    for parameter in (each for each in operation.parameters if each["in"] == "query"):
        schema = SCHEMAS.resolve(parameter["schema"])
        value = parameter.get("example", schema.get("default", schema.get("enum", ["x"])[0]))
        answer = demo.client.get(operation.url().split("?")[0], **{parameter["name"]: value})
        refused = [error["detail"] for error in answer.json.get("errors", [])] if answer.status == 422 else []
        assert "is not a parameter of this call" not in refused, f"{operation.path}?{parameter['name']}"


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if "text/csv" in each.responses().get("200", {}).get("content", {})], ids=str)
def test_lists_come_as_csv_and_ndjson_too(demo: Workspace, operation: Operation) -> None:
    schema = SCHEMAS.resolve(operation.responses()["200"]["content"]["application/json"]["schema"])["properties"]["data"]["items"]
    lines = demo.client.get(operation.path, {"Accept": "application/x-ndjson"})
    operation.check(lines)
    for line in lines.body.splitlines():
        assert list(SCHEMAS.errors(schema, json.loads(line))) == []
    operation.check(demo.client.get(operation.path, {"Accept": "text/csv"}))


# --- README and docs ---


def blocks(page: str, language: str = "sh") -> list[str]:
    """Fenced code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (REPOSITORY / page).read_text(), re.M | re.S)


@pytest.fixture(scope="module")
def desk(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder such as the README's reader has, and the lines that its first block must say; curl fails on what is not 2xx."""
    workspace = Workspace(server)
    run(workspace.database, "demo", "--workspace", workspace.name, "--accounts", DEMO_ACCOUNTS, "--seed", "1")
    folder = tmp_path_factory.mktemp("desk")
    (folder / "var").mkdir()
    (folder / "var" / "demo.key").write_text(workspace.key + "\n")
    (folder / "bin").mkdir()
    (folder / "bin" / "curl").write_text(CURL)
    (folder / "bin" / "curl").chmod(0o755)
    (folder / "pipeline.csv").write_text(PIPELINE)
    (folder / "revenue.csv").write_text("id,organisation,amount,on\nr-1,acme,12.50,2026-02-01\n")
    first = blocks("README.md")[0]
    assert "URL=http://127.0.0.1:8080\n" in first, "the README's first block says where the server is"
    host, port = server.address
    return folder, first.replace("http://127.0.0.1:8080", f"http://{host}:{port}")


CURL = """#!/bin/bash
body=$(mktemp)
code=$(PATH=${PATH#*:} curl -o "$body" -w '%{http_code}' "$@") || exit
cat "$body"
[[ $code == 2?? ]] || { echo "curl: $code: $*" >&2; exit 22; }
"""
PIPELINE = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054
Z063OYW0,Darcel Schlecht,GTX Pro,,Engaging,2016-10-25,,
"""


@pytest.mark.parametrize("page, number", [(page, number) for page in ("README.md", "docs/imports.md", "docs/qualification.md", "docs/sweet-spot.md")
                                          for number, block in enumerate(blocks(page)) if "curl" in block])
def test_curl_block_gives_2xx(desk: tuple[Path, str], page: str, number: int) -> None:
    folder, first = desk
    script = "set -euo pipefail\n" + first + blocks(page)[number]
    done = subprocess.run(["bash", "-c", script], cwd=folder, env={**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}"},
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.strip(), f"{blocks(page)[number]}\n{done.stdout}\n{done.stderr}"


def test_curl_in_a_block_fails_on_what_is_not_2xx(desk: tuple[Path, str]) -> None:
    folder, first = desk
    script = "set -euo pipefail\n" + first + 'curl -s "$URL/v1/summary"\n'
    done = subprocess.run(["bash", "-c", script], cwd=folder, env={**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}"},
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 22, done.stdout + done.stderr


def table_rows(page: str) -> Iterator[list[str]]:
    """Cells of every table row of a page."""
    for line in (REPOSITORY / page).read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def code_in(cell: str) -> str:
    found = re.match(r"`([^`]*)`", cell)
    return found[1] if found else ""


def test_settings_agree_both_ways(database: Database) -> None:
    entries = re.findall(r"^  --(\S+) .*?([A-Z][A-Z_]+)\n\s+(.*)$", run(database, "serve", "--help"), re.M)
    served = {(variable, f"--{flag}", (re.search(r"\(default ([^)]*)\)$", about) or ["", ""])[1]) for flag, variable, about in entries}
    told = {(code_in(row[0]), code_in(row[1]), code_in(row[2])) for row in table_rows("docs/settings.md")
            if re.fullmatch(r"`[A-Z_]+`", row[0])}
    assert len(served) > 20 and told == served


def test_errors_agree_both_ways() -> None:
    source = (REPOSITORY / "service/base/status.c").read_text()
    known = {(slug, http) for http, slug in re.findall(r'= \{(\d+), "([a-z-]+)",', source) if http != "200"}
    told = {(code_in(row[0]), row[1]) for row in table_rows("docs/errors.md") if code_in(row[0])}
    assert len(known) > 15 and told == known


def test_metrics_agree_both_ways(server: Server) -> None:
    served = set(re.findall(r"^# TYPE (\S+)", server.client().get("/metrics").body.decode(), re.M))
    told = {code_in(row[0]) for row in table_rows("docs/operations.md") if code_in(row[0]).startswith("sweetspot_")}
    assert served and told == served


def test_log_events_that_are_told_exist() -> None:
    source = "".join(path.read_text() for path in (REPOSITORY / "service").rglob("*.c"))
    page = (REPOSITORY / "docs/operations.md").read_text().split("## Log")[1].split("\n## ")[0]
    for event in re.findall(r"^\| `([a-z_]+)` \|", page, re.M):
        assert f'"{event}"' in source, event


def test_links_of_the_pages_lead_somewhere() -> None:
    for page in [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
