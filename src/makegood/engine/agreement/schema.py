"""The JSON Schema of the language, derived from its grammar, so that editors complete and underline.

A document that the schema refuses, the reader refuses; the reader also refuses what a schema cannot say.
"""

from __future__ import annotations

import inspect
import json
from dataclasses import MISSING, Field
from enum import StrEnum
from typing import Any

from makegood.engine.agreement.document import LANGUAGE
from makegood.engine.agreement.grammar import (
    Form,
    ListOf,
    MapOf,
    OneOf,
    OnlyOne,
    Shape,
    clauses_of,
    is_form,
    is_required,
    rules_of,
)
from makegood.engine.agreement.shapes import Scalar
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.ratio import Ratio

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(form: type = Agreement, version: str = LANGUAGE, key: str = "makegood") -> Schema:
    """Return the JSON Schema (2020-12) of a document whose ``key`` names the ``version`` of its language.

    >>> json_schema()["properties"]["makegood"]["const"]
    'agreement/1'
    """
    forms: dict[str, Schema] = {}
    root = _form(form, forms)
    root["properties"][key] = {**root["properties"][key], "const": version}
    return {"$schema": DIALECT, "title": f"makegood: {version}", **root, "$defs": dict(sorted(forms.items()))}


def schema_text(form: type = Agreement, version: str = LANGUAGE) -> str:
    """Return the schema of a document as the file that is shipped."""
    return json.dumps(json_schema(form, version), indent=1, ensure_ascii=False) + "\n"


def _form(form: type, forms: dict[str, Schema], tag: str = "", name: str = "") -> Schema:
    """Return the schema of a form, as the one that ``tag`` calls ``name`` if it is one of several."""
    properties: dict[str, Schema] = {tag: {"const": name}} if tag else {}
    required = [tag] if tag else []
    for key, (entry, declared) in clauses_of(form).items():
        properties[key] = {**_shape(declared.shape, forms), "description": declared.doc, **_default(entry)}
        if is_required(entry):
            required.append(key)
    schema: Schema = {"description": inspect.getdoc(form), "type": "object", "properties": properties}
    if required:
        schema["required"] = required
    schema["additionalProperties"] = False
    rules = [rule for declared in rules_of(form) for rule in _rule(declared)]
    return {**schema, "allOf": rules} if rules else schema


def _shape(shape: Shape, forms: dict[str, Schema]) -> Schema:
    match shape:
        case Scalar():
            return shape.schema
        case Form():
            return _reference(shape.of, forms)
        case ListOf():
            item = _shape(shape.item, forms)
            several = {"type": "array", "items": item, **({"minItems": shape.least} if shape.least else {})}
            return {"anyOf": [item, several]} if shape.or_one else several
        case MapOf():
            keys = {word: value for word, value in shape.key.schema.items() if word != "type"}
            least = {"minProperties": shape.least} if shape.least else {}
            entries = _shape(shape.item, forms)
            return {"type": "object", "propertyNames": keys, "additionalProperties": entries, **least}
        case OneOf():
            return {"oneOf": [_reference(each.of, forms, shape.tag, name) for name, each in shape.forms.items()]}
        case _:
            return {"anyOf": [_shape(shape.scalar, forms), _shape(shape.other, forms)]}


def _reference(form: type, forms: dict[str, Schema], tag: str = "", name: str = "") -> Schema:
    if form.__name__ not in forms:
        forms[form.__name__] = {}
        forms[form.__name__] = _form(form, forms, tag, name)
    return {"$ref": f"#/$defs/{form.__name__}"}


def _rule(rule: OnlyOne) -> list[Schema]:
    if rule.required:
        return [{"oneOf": [{"required": [key]} for key in rule.keys]}]
    pairs = [(first, second) for number, first in enumerate(rule.keys) for second in rule.keys[number + 1 :]]
    return [{"not": {"required": list(pair)}} for pair in pairs]


def _default(entry: Field[Any]) -> Schema:
    """Return the default as a document would write it; nothing if leaving the key out says something of its own."""
    default = plain_default(entry)
    return {} if default in (None, "") else {"default": default}


def plain_default(entry: Field[Any]) -> object:
    """Return the default of a clause as JSON; None if there is none."""
    if entry.default_factory is not MISSING:
        return plain(entry.default_factory())
    return None if entry.default is MISSING else plain(entry.default)


def plain(value: object) -> object:
    """Return a default of the grammar as JSON; a form of nothing but defaults is an empty map.

    >>> plain(Ratio(1, 2)), plain(()), plain(True)
    ('50%', [], True)
    """
    match value:
        case None | bool() | int() | dict():
            return value
        case StrEnum():
            return value.value
        case Ratio():
            return value.percent().replace(" ", "")
        case tuple():
            return list(value)
        case _ if is_form(value):
            return {}
        case _:
            return str(value)
