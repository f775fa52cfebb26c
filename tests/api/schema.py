# SPDX-License-Identifier: Apache-2.0
"""JSON Schema 2020-12, as far as openapi.yaml uses it: a keyword that is not known here is an error, not a pass."""
from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Callable, Iterator

NOTES = {"description", "example", "examples", "default", "deprecated"}


class Schemas:
    """The schemas of one OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def resolve(self, node: Any) -> Any:
        """What a $ref stands for, with its siblings; anything else is itself."""
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = {**target, **{name: value for name, value in node.items() if name != "$ref"}}
        return node

    def errors(self, schema: dict[str, Any], value: Any, at: str = "") -> Iterator[str]:
        """Everything about the value that the schema does not allow."""
        schema = self.resolve(schema)
        for keyword, operand in schema.items():
            if keyword in CHECKS:
                if not CHECKS[keyword](operand, value):
                    yield f"{at or '/'}: {value!r} fails {keyword} {operand!r}"
            elif keyword not in NOTES and keyword not in APPLICATORS:
                raise AssertionError(f"{at}: {keyword} is not known to tests/api/schema.py")
        for part in schema.get("allOf", []):
            yield from self.errors(part, value, at)
        if "anyOf" in schema and all(any(True for _ in self.errors(part, value, at)) for part in schema["anyOf"]):
            yield from (f"{each} (and every other of anyOf)" for each in self.errors(schema["anyOf"][0], value, at))
        if isinstance(value, dict):
            yield from self._members(schema, value, at)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                yield from self.errors(schema["items"], item, f"{at}/{index}")

    def _members(self, schema: dict[str, Any], value: dict[str, Any], at: str) -> Iterator[str]:
        properties = schema.get("properties", {})
        known = self.names(schema)
        for name, member in value.items():
            if name in properties:
                yield from self.errors(properties[name], member, f"{at}/{name}")
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from self.errors(schema["additionalProperties"], member, f"{at}/{name}")
            if name not in known and schema.get("unevaluatedProperties") is False:
                yield f"{at}/{name}: not in the schema"
            if "propertyNames" in schema:
                yield from self.errors(schema["propertyNames"], name, f"{at}/{name}")

    def names(self, schema: dict[str, Any]) -> set[str]:
        """Names of members that the schema speaks of, also by way of allOf."""
        schema = self.resolve(schema)
        return set(schema.get("properties", {})).union(*(self.names(part) for part in schema.get("allOf", [])))


def _is_type(name: str, value: Any) -> bool:
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}[name] is type(value)


def _is_format(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return True
    try:
        date.fromisoformat(value) if name == "date" else datetime.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10 if name == "date" else "T" in value


def _of(kind: type | tuple[type, ...], test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda operand, value: not isinstance(value, kind) or isinstance(value, bool) or test(operand, value)


NUMBERS = (int, float, Decimal)
CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda operand, value: any(_is_type(name, value) for name in ([operand] if isinstance(operand, str) else operand)),
    "enum": lambda operand, value: any(type(each) is type(value) and each == value for each in operand),
    "format": _is_format,
    "pattern": _of(str, lambda operand, value: re.search(operand, value) is not None),
    "minLength": _of(str, lambda operand, value: len(value) >= operand),
    "maxLength": _of(str, lambda operand, value: len(value) <= operand),
    "minimum": _of(NUMBERS, lambda operand, value: value >= Decimal(str(operand))),
    "maximum": _of(NUMBERS, lambda operand, value: value <= Decimal(str(operand))),
    "maxItems": _of(list, lambda operand, value: len(value) <= operand),
    "required": _of(dict, lambda operand, value: all(name in value for name in operand)),
    "minProperties": _of(dict, lambda operand, value: len(value) >= operand),
    "maxProperties": _of(dict, lambda operand, value: len(value) <= operand),
}
APPLICATORS = {"allOf", "anyOf", "properties", "additionalProperties", "unevaluatedProperties", "propertyNames", "items", "$ref"}
