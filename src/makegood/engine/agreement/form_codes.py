"""Findings of series MG1: the form of a document."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

LARGEST_DOCUMENT = 1_000_000
DEEPEST_LEVEL = 32
LONGEST_KEY = 200
MOST_REFUSED = 1000  # what YAML has and agreements have not; nobody reads on

NOT_YAML = Code(
    "MG101",
    Severity.ERROR,
    "not YAML",
    "The document is neither YAML nor JSON, so nothing in it could be read.",
    "Mend the spot that is named; most often a quote, a bracket or an indentation is missing.",
    "title: Acme: the shop\n",
)
NOT_TEXT = Code(
    "MG102",
    Severity.ERROR,
    "a character that has no place in a document",
    "Control characters, invisible marks that turn the direction of reading, and bytes that are not UTF-8 make a"
    " document that people and programs read differently.",
    "Delete the character; save the file as UTF-8.",
    'title: "The shop\\u202E of Acme"\n',
)
TOO_LARGE = Code(
    "MG103",
    Severity.ERROR,
    "document too large",
    f"A document has at most {LARGEST_DOCUMENT:,} characters; no agreement that people sign comes near.",
    "Check that this is the right file; evidence does not belong into an agreement.",
    "title: " + "very " * (LARGEST_DOCUMENT // 5) + "large\n",
)
TOO_DEEP = Code(
    "MG104",
    Severity.ERROR,
    "document too deep",
    f"Lists and maps are nested more than {DEEPEST_LEVEL} levels deep; no key of the language needs that.",
    "Check the indentation and the brackets.",
    f"title: {'[' * DEEPEST_LEVEL}too deep{']' * DEEPEST_LEVEL}\n",
)
SEVERAL_DOCUMENTS = Code(
    "MG105",
    Severity.ERROR,
    "more than one document",
    "A file holds one agreement. A line `---` begins a second document.",
    "Put the second document into a file of its own.",
    "title: The shop of Acme\n---\ntitle: The shop of Bolt\n",
)
REFERENCE_SYNTAX = Code(
    "MG106",
    Severity.ERROR,
    "anchor, alias or tag",
    "YAML's anchors (`&name`), aliases (`*name`) and tags (`!name`) are refused: an agreement says in plain sight what"
    " it means, and short files cannot grow into huge ones.",
    "Write out what is meant.",
    "title: &title The shop of Acme\n",
)
UNKNOWN_KEY = Code(
    "MG107",
    Severity.ERROR,
    "unknown key",
    "The language has no such key here. It is never ignored: a term that nobody reads would not hold.",
    "Correct the spelling, or look the form up in the language reference.",
    "per_incidents: sum\n",
)
DUPLICATE_KEY = Code(
    "MG108",
    Severity.ERROR,
    "duplicate key",
    "The same key stands twice in one map, so that two people could read two agreements.",
    "Delete one of the two.",
    "title: The shop of Acme\ntitle: The shop of Bolt\n",
)
MISSING_KEY = Code(
    "MG109",
    Severity.ERROR,
    "missing key",
    "The form needs this key; it has no house default.",
    "Write the key.",
    "parties: {provider: northwind}\n",
)
WRONG_FORM = Code(
    "MG110",
    Severity.ERROR,
    "wrong form",
    "A map, a list or a single value was written where another of the three is wanted, or a key has no value.",
    "Write it as the language reference shows; leave out keys that have no value.",
    "parties: northwind\n",
)
WRONG_VALUE = Code(
    "MG111",
    Severity.ERROR,
    "wrong value",
    "The value does not have the shape that this key needs.",
    "Write it as the hint shows.",
    "per_incident: lowest\n",
)
WRONG_UNIT = Code(
    "MG112",
    Severity.ERROR,
    "wrong unit",
    "The number stands without its unit, or with another one than is wanted here.",
    "Write the unit: `99.9%`, `4h`, `2 business days`, `100.00 EUR`.",
    "closing: {after: 5}\n",
)
INEXACT_NUMBER = Code(
    "MG113",
    Severity.ERROR,
    "inexact number",
    "Numbers are exact decimals. Powers of ten, infinities and numbers without a digit before or behind the point are"
    " refused, because programs read them as binary fractions.",
    "Write all digits: `0.5` for `.5`, `1000` for `1e3`.",
    "services: {shop: {title: The shop, fee: {monthly: 1e3}}}\n",
)
UNKNOWN_VERSION = Code(
    "MG114",
    Severity.ERROR,
    "unknown language version",
    "The document is written in a language, or a version of it, that this program does not read.",
    "Write `makegood: agreement/1`, or use a newer program.",
    "makegood: agreement/2\n",
)

NONE_OF_KEYS = Code(
    "MG115",
    Severity.ERROR,
    "none of the keys of which one is needed",
    "The form needs one of several keys, and none of them is written.",
    "Write the one that is meant.",
    "term: {from: 2026-01-01, timezone: Europe/Berlin}\n",
)
SEVERAL_KEYS = Code(
    "MG116",
    Severity.ERROR,
    "keys that exclude each other",
    "Two keys are written of which only one can hold.",
    "Delete the one that is not meant.",
    "term: {from: 2026-01-01, until: 2027-01-01, months: 36, timezone: Europe/Berlin}\n",
)

FORM_CODES = (
    NOT_YAML,
    NOT_TEXT,
    TOO_LARGE,
    TOO_DEEP,
    SEVERAL_DOCUMENTS,
    REFERENCE_SYNTAX,
    UNKNOWN_KEY,
    DUPLICATE_KEY,
    MISSING_KEY,
    WRONG_FORM,
    WRONG_VALUE,
    WRONG_UNIT,
    INEXACT_NUMBER,
    UNKNOWN_VERSION,
    NONE_OF_KEYS,
    SEVERAL_KEYS,
)
