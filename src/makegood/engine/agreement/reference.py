"""The reference pages: the language and its findings, written from the grammar and the catalogue themselves."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Sequence
from dataclasses import Field, dataclass, field
from typing import Any

from makegood.engine.agreement.catalogue import CODES, example
from makegood.engine.agreement.code import Code
from makegood.engine.agreement.document import read
from makegood.engine.agreement.grammar import (
    Form,
    ListOf,
    MapOf,
    OneOf,
    ScalarOr,
    Shape,
    clauses_of,
    is_required,
    rules_of,
)
from makegood.engine.agreement.schema import plain_default
from makegood.engine.agreement.shapes import Scalar
from makegood.engine.agreement.terms import Agreement

_LANGUAGE = """\
# The language `agreement/1`

One YAML (or JSON) document holds one agreement. Every key is listed here; a key that is not listed is refused, never
ignored. What is not written has the house default of its key, and every statement says which defaults it used. Written
wrongly, a document gets all its [findings](findings.md) at once.

Values are read exactly as they are typed; no number ever becomes a binary fraction.

| value | written like |
|---|---|
| identifier | `acme-erp`, `P1`: letters, digits, `-`, `_`, `.`, `:` |
| decimal number | `20000.00` |
| percentage | `99.9%` |
| day or range of days | `sat`, `mon-fri` |
| duration | `60s`, `15m`, `4h`, `1h 30m`: real time |
| duration or days | or `5 days` on the wall clock, `2 business days` on the calendar of closing |
| level | `99.9%`, `500` or `4h`, as fits the measure |
| target | `">= 99.9%"`, `"<= 500"`, with `>=`, `>`, `<=` or `<`, in quotes |
| amount of money | `1,200.00 EUR` |
| percentage or amount of money | `10%` or `100.00 EUR` |
| percentage of a base, or amount of money | `25% of monthly_fee`, `service_fee`, `at_risk`, `fees`; or `500.00 EUR` |
| number of misses | `3 consecutive`, `3 of 6`, `3 of 6 months` |
| time per period | `4h per period` |
| date | `2026-03-01` |
| stretch of the day | `"08:00-18:00"`, in quotes |
| time zone | `Europe/Berlin`, a name of the IANA list |

"""

_FINDINGS = """\
# Findings

`makegood check` says everything that is wrong with an agreement at once, as
`file:line:column: CODE severity: sentence (hint)`. Codes never change their meaning. An **error** keeps the agreement
from being used; a **warning** names what is probably not meant; a **note** tells what is worth knowing.

- MG1xx: the form of the document. The same codes serve all documents that people write for Makegood.
- MG2xx: names that lead nowhere.
- MG3xx: terms, measures, targets and money that make no sense.
- MG4xx: mappings, and rows of evidence that cannot be read.
- MG50x: a vault that is not what was sealed, and facts that contradict what it holds.
- MG51x to MG53x: terms that remember earlier periods.
- MG54x to MG56x: published tables, ways to pay a miss, incentives, claims and damages.
- MG60x to MG63x: objectives of other languages, and what they or ours have no word for.
- MG70x to MG73x: versions, finality, value shares, and agreements with suppliers that do not carry what was sold.
- MG74x: roles, duties, boundaries, and steps of escalation.
- MG75x and MG76x: the service desk, and hours that the fee includes.

Each example of an agreement is a piece of a document that is good otherwise, and what it gets.

"""

_LONGEST_LINE = 110


def language_page() -> str:
    """Return the reference of the language."""
    return _LANGUAGE + "".join(_Pages().form(Agreement, "", ""))


def findings_page(others: Sequence[Code] = ()) -> str:
    """Return the reference of all findings; each example of an agreement is checked as the page is written.

    ``others`` are the codes of other rooms, whose examples cannot be checked here.
    """
    return _FINDINGS + "\n".join([*map(_finding, CODES), *map(_described, others)])


def _finding(code: Code) -> str:
    found = next(finding for finding in read(example(code)).findings if finding.code == code.code)
    bad = "\n".join(_cut(line) for line in code.bad.splitlines())
    return f"{_described(code)}\n```yaml\n{bad}\n```\n\n```text\n{found}\n```\n"


def _described(code: Code) -> str:
    return f"## {code.code} {code.title}\n\n*{code.severity.capitalize()}.* {code.meaning}\n\nRemedy: {code.remedy}\n"


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …"


@dataclass(slots=True)
class _Pages:
    """One walk through the grammar; a form that occurs in several places is described at its first."""

    headings: dict[type, str] = field(default_factory=dict)

    def form(self, form: type, path: str, tag: str) -> Iterator[str]:
        """Yield the section of a form, then those of the forms inside it."""
        heading = self.headings.setdefault(form, f"{path}{f' with {tag}' if tag else ''}" or "The whole")
        yield f"## {heading}\n\n{inspect.getdoc(form)}\n\n"
        inner = [
            found for key, (_, declared) in clauses_of(form).items() for found in _forms(declared.shape, path, key)
        ]
        new = {each: (at, kind) for each, at, kind in reversed(inner) if each not in self.headings}
        for each, (at, kind) in new.items():
            name = f"{at}{f' with {kind}' if kind else ''}"
            self.headings[each] = f"{name} of {tag}" if name in self.headings.values() else name
        yield "| key | value | default | what it says |\n|---|---|---|---|\n"
        if tag:
            yield f"| `{tag.partition(':')[0]}` | `{tag.partition(': ')[2]}` | required | Which kind it is. |\n"
        for key, (entry, declared) in clauses_of(form).items():
            yield f"| `{key}` | {self.value(declared.shape)} | {_default(entry)} | {_cell(declared.doc)} |\n"
        yield "\n"
        for rule in rules_of(form):
            listed = ", ".join(f"`{key}`" for key in rule.keys)
            yield f"{'Exactly' if rule.required else 'At most'} one of {listed}.\n\n"
        for each, (at, kind) in reversed(new.items()):
            yield from self.form(each, at, kind)

    def value(self, shape: Shape) -> str:
        """Return in words what a key takes, with links to the forms."""
        match shape:
            case Scalar():
                return _cell(shape.name)
            case Form():
                return f"[map](#{_anchor(self.headings[shape.of])})"
            case ListOf():
                item = self.value(shape.item)
                return f"{item}, or a list of them" if shape.or_one else f"list; each {item}"
            case MapOf():
                return f"map from {_cell(shape.key.name)} to {self.value(shape.item)}"
            case OneOf():
                names = ", ".join(f"[{name}](#{_anchor(self.headings[each.of])})" for name, each in shape.forms.items())
                return f"map, by its `{shape.tag}`: {names}"
            case _:
                return f"{self.value(shape.scalar)}, or {self.value(shape.other)}"


def _forms(shape: Shape, path: str, key: str) -> Iterator[tuple[type, str, str]]:
    """Yield the forms directly inside a shape, each with its path and, if it is one of several, what tells it."""
    at = f"{path}.{key}" if path else key
    match shape:
        case Form():
            yield shape.of, at, ""
        case ListOf():
            yield from _forms(shape.item, path, f"{key}[]")
        case MapOf():
            yield from _forms(shape.item, at, "NAME")
        case OneOf():
            yield from ((each.of, at, f"{shape.tag}: {name}") for name, each in shape.forms.items())
        case ScalarOr():
            yield from _forms(shape.other, path, key)
        case _:
            pass


def _default(entry: Field[Any]) -> str:
    if is_required(entry):
        return "required"
    default = plain_default(entry)
    if default in (None, "", [], {}):
        return "–"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _anchor(heading: str) -> str:
    return "".join(character for character in heading.lower() if character.isalnum() or character in "-_ ").replace(
        " ", "-"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
