# SPDX-License-Identifier: Apache-2.0
"""Loads an oracle shelf through the API, and keeps the oracle's book in step with further writes."""
from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from oracle.book import KINDS, Book
from oracle.random_book import random_policy_patch

from .client import Answer, path_of
from .server import Workspace

CHUNK = 500


def policy_patch(seed: int) -> dict[str, Any]:
    """A random policy of §1–§5."""
    return random_policy_patch(seed)


def some_criteria(seed: int) -> list[dict[str, Any]]:
    """Random criteria, more than three."""
    while True:
        criteria = random_policy_patch(seed).get("criteria", [])
        if len(criteria) > 3:
            return criteria
        seed += 100


def merge_patch(patch: dict[str, Any]) -> dict[str, Any]:
    """The same with each cut-off's other way taken out by name, as RFC 7396 needs it."""
    if "cuts" not in patch:
        return patch
    cuts = {name: {**dict.fromkeys(("percentile", "score")), **rule} if isinstance(rule, dict) else rule
            for name, rule in patch["cuts"].items()}
    return {**patch, "cuts": cuts}


def load(workspace: Workspace, shelf: dict[str, Any], way: str = "ndjson") -> None:
    """Policy first, for D dates what is stated; then every kind, by import (ndjson, json) or by PUT."""
    workspace.client.expect(200, "PATCH", "/v1/policy", merge_patch(shelf["policy"]))
    workspace.wait_settled()
    for kind in KINDS:
        rows = shelf["records"].get(kind, [])
        if way == "put":
            for row in rows:
                workspace.client.store(kind, row["id"], row)
            continue
        for start in range(0, len(rows), CHUNK):
            workspace.client.import_all(kind, rows[start:start + CHUNK], way)


class Ledger:
    """A workspace's book as the oracle has it, with every write done to both. What was sent last is kept by record."""

    def __init__(self, workspace: Workspace, shelf: dict[str, Any]) -> None:
        self.workspace = workspace
        self.client = workspace.client
        self.book = Book.load(shelf)
        self.sent = {kind: {row["id"]: dict(row) for row in shelf["records"].get(kind, [])} for kind in KINDS}
        self.hidden: set[tuple[str, str]] = set()

    def place(self, kind: str, id_: str) -> str:
        """The path a record is under now: a prospect that bought is an account."""
        if kind in ("accounts", "prospects") and id_ in self.book.organisations:
            return self.book.organisations[id_].kind + "s"
        return kind

    def put(self, kind: str, record: dict[str, Any]) -> Answer:
        place = self.place(kind, record["id"])
        answer = self.client.put_record(place, record["id"], record)
        assert answer.status in (200, 201), f"PUT {place} {record}: {answer}"
        self.book.put(place, record)
        self.sent[kind][record["id"]] = dict(record)
        self.hidden.discard((kind, record["id"]))
        return answer

    def patch(self, kind: str, id_: str, patch: dict[str, Any]) -> Answer:
        place = self.place(kind, id_)
        answer = self.client.patch(path_of(place, id_), patch)
        assert answer.status == 200, f"PATCH {place} {id_!r} {patch}: {answer}"
        self._merge(kind, id_, patch)
        return answer

    def import_rows(self, kind: str, rows: list[dict[str, Any]], form: str = "ndjson") -> None:
        """Partial rows; what is hidden must not be among them."""
        place = kind
        if kind == "prospects":
            rows = [row for row in rows if self.place(kind, row["id"]) == "prospects"]
        self.client.import_all(place, rows, form)
        for row in rows:
            self._merge(kind, row["id"], {name: value for name, value in row.items() if name != "id"}, place)

    def delete(self, kind: str, id_: str) -> None:
        place = self.place(kind, id_)
        answer = self.client.delete(path_of(place, id_))
        assert answer.status == 204, f"DELETE {place} {id_!r}: {answer}"
        self.book.delete(kind, id_)
        self.hidden.add((kind, id_))

    def decide(self, id_: str, decision: str, **more: Any) -> None:
        body = {"decision": decision, "by": "the test", "reason": "because", **more}
        answer = self.client.post(path_of("let-go", id_, "/decisions"), body)
        assert answer.status in (200, 201), f"{decision} {id_!r}: {answer}"
        self.book.decide(id_, decision, **more)
        kind = "accounts" if id_ in self.sent["accounts"] else "prospects"
        sent = self.sent[kind].setdefault(id_, {"id": id_})
        if decision == "let_go":
            sent.pop("status", None)
        if decision == "reassign" and more.get("seller"):
            sent["seller"] = more["seller"]
        if decision == "reprice" and more.get("margin_pct") is not None:
            sent["margin_pct"] = more["margin_pct"]

    def override(self, id_: str, **body: Any) -> None:
        """Set a tier or list by hand in both, or withdraw it."""
        answer = self.client.put(path_of("accounts", id_, "/override"), {"reason": "because", **body}) if body else self.client.delete(
            path_of("accounts", id_, "/override"))
        assert answer.status in (200, 201, 204) or (not body and answer.status == 404), f"override {id_!r} {body}: {answer}"
        if answer.status == 404:  # one that has run out stays, and stands again when the book's day goes back
            return
        self.book.overrides = [each for each in self.book.overrides if each.organisation != id_]
        if body.get("tier"):
            self.book.override(id_, body["tier"], body["until"])

    def assign(self, id_: str, list_: str, seller: str, takes_off: bool = False) -> Answer:
        """Put a prospect on a list by hand, or take it off, in both; a list that is full, or not there, leaves both as they are."""
        answer = self.client.call("DELETE" if takes_off else "PUT", f"{path_of('sellers', seller)}/lists/{list_}/{quote(id_, safe='')}")
        assert answer.status in ((204, 404) if takes_off else (200, 409, 404)), f"{list_} list of {seller!r}, {id_!r}: {answer}"
        if answer.status in (200, 204):
            self.book.assign(id_, list_, seller, takes_off)
        return answer

    def patch_policy(self, patch: dict[str, Any]) -> None:
        self.client.expect(200, "PATCH", "/v1/policy", {**merge_patch(patch), "acknowledge": "a test"})
        self.workspace.wait_settled()
        self.book.patch_policy(patch)

    def visible(self, kind: str) -> list[str]:
        return [id_ for id_ in self.sent[kind] if (kind, id_) not in self.hidden]

    def _merge(self, kind: str, id_: str, patch: dict[str, Any], place: str | None = None) -> None:
        """A merge as a PUT of the whole record, which is what the oracle takes."""
        record = dict(self.sent[kind].get(id_, {"id": id_}))
        if "annual_potential" in patch and "annual_potential_on" not in patch and kind in ("accounts", "prospects"):
            if self.book.money(patch["annual_potential"]) != self.book.money(record.get("annual_potential")):
                record.pop("annual_potential_on", None)
        record.update(patch)
        record = {name: value for name, value in record.items() if value is not None}
        self.book.put(place or self.place(kind, id_), record)
        self.sent[kind][id_] = record


class Mutator:
    """Random further writes on a ledger: everything that moves a measure, a tier or a list."""

    def __init__(self, ledger: Ledger, donor: dict[str, Any], seed: int) -> None:
        self.ledger = ledger
        self.donor = donor["records"]
        self.rng = Random(f"mutations {seed}")
        self.hands = Random(f"hands {seed}")

    def run(self, count: int) -> None:
        for _ in range(count):
            self.rng.choices(list(_MUTATIONS), list(_MUTATIONS.values()))[0](self)

    def assign(self, count: int) -> None:
        """Lists by hand, which move nothing else."""
        ids, sellers = self.ledger.visible("prospects"), self.ledger.visible("sellers")
        for _ in range(count if ids and sellers else 0):
            self.ledger.assign(self.hands.choice(ids), self.hands.choice(("target", "lead")), self.hands.choice(sellers), self.hands.random() < 0.3)

    def _kind(self) -> str:
        return self.rng.choice(("accounts", "prospects", "contacts", "deals", "activities", "revenue", "deals", "activities", "revenue",
                                "sellers"))

    def _another(self, kind: str, id_: str) -> dict[str, Any]:
        """Another book's record under this id, pointing into this book."""
        record = {**self.rng.choice(self.donor[kind] or [{}]), "id": id_}
        if not self.donor[kind]:
            return dict(self.ledger.sent[kind][id_])
        self._redirect(record)
        return record

    def _redirect(self, record: dict[str, Any]) -> None:
        pools = {"organisation": "accounts", "seller": "sellers", "contact": "contacts"}
        for name, kind in pools.items():
            if name in record:
                record[name] = self.rng.choice(list(self.ledger.sent[kind]))

    def _put(self) -> None:
        kind = self._kind()
        ids = list(self.ledger.sent[kind])
        fresh = self.rng.random() < 0.3 or not ids
        if fresh and not self.donor[kind]:
            return
        self.ledger.put(kind, self._another(kind, f"new {kind} {len(ids)}" if fresh else self.rng.choice(ids)))

    def _patch(self) -> None:
        kind = self._kind()
        ids = self.ledger.visible(kind)
        if not ids or not self.donor[kind]:
            return
        id_ = self.rng.choice(ids)
        other = self._another(kind, id_)
        names = [name for name in other if name not in ("id", "status", "opened_on", "closed_on", "stage", "attributes")]
        patch = {name: other[name] for name in self.rng.sample(names, min(len(names), self.rng.randint(1, 3)))}
        if self.rng.random() < 0.2:
            cleared = {"accounts": "seller", "prospects": "industry", "deals": "organisation", "activities": "contact",
                       "contacts": "organisation", "revenue": "margin", "sellers": "region"}[kind]
            patch[cleared] = None
        self.ledger.patch(kind, id_, patch)

    def _delete(self) -> None:
        kind = self._kind()
        ids = self.ledger.visible(kind)
        if len(ids) > 3:
            self.ledger.delete(kind, self.rng.choice(ids))

    def _restore(self) -> None:
        if self.ledger.hidden:
            kind, id_ = self.rng.choice(sorted(self.ledger.hidden))
            self.ledger.put(kind, self.ledger.sent[kind][id_])

    def _import(self) -> None:
        kind = self._kind()
        ids = self.ledger.visible(kind)
        if not ids or not self.donor[kind]:
            return
        rows = []
        for id_ in self.rng.sample(ids, min(len(ids), self.rng.randint(1, 12))):
            other = self._another(kind, id_)
            for name in ("opened_on", "closed_on", "status", "attributes"):
                other.pop(name, None)
            rows.append(other)
        self.ledger.import_rows(kind, rows, self.rng.choice(("ndjson", "json")))

    def _move_fact(self) -> None:
        kind = self.rng.choice(("deals", "activities", "revenue", "contacts"))
        ids = self.ledger.visible(kind)
        if ids:
            self.ledger.patch(kind, self.rng.choice(ids), {"organisation": self.rng.choice(list(self.ledger.sent["accounts"]))})

    def _decide(self) -> None:
        ids = [id_ for id_ in self.ledger.visible("accounts") if self.ledger.book.organisations[id_].status == "active"]
        if not ids:
            return
        id_ = self.rng.choice(ids)
        decision = self.rng.choice(("let_go", "keep", "reassign", "reprice"))
        more = {"let_go": {}, "keep": {}, "reassign": {"seller": self.rng.choice(self.ledger.visible("sellers"))},
                "reprice": {"margin_pct": 25}}[decision]
        self.ledger.decide(id_, decision, **more)

    def _override(self) -> None:
        ids = self.ledger.visible("accounts")
        if not ids:
            return
        today = self.ledger.book.day
        body = {"tier": self.rng.choice(("key", "service", "service", None)), "list": self.rng.choice(("key", None)),
                "until": str(today + timedelta(days=self.rng.choice((0, 40, 400))))}
        withdraws = body["tier"] is body["list"] is None
        self.ledger.override(self.rng.choice(ids), **({} if withdraws else body))


_MUTATIONS = {Mutator._put: 8, Mutator._patch: 8, Mutator._delete: 4, Mutator._restore: 3, Mutator._import: 3, Mutator._move_fact: 5,
              Mutator._decide: 1, Mutator._override: 2}
