"""Findings of series MG4: what is wrong with a mapping, or with a row of a file that it was to translate."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

NO_IDENTITY = Code(
    "MG401",
    Severity.ERROR,
    "records that cannot be told apart",
    "An `id` names no column, or two entries have the same one, so that different records would have one identity. Of"
    " probes, which have no `id`, the same goes for check, subject and time together.",
    "Put the column into the `id` that numbers the rows, and a word that tells the entries of one row apart. Name the"
    " checks of probes.",
    'id: "{number}"',
)
WRONG_WORD = Code(
    "MG402",
    Severity.ERROR,
    "word that the field does not take",
    "A field with a closed list of words, or a number, is given a text that it cannot have.",
    "Write one of the words that the hint names.",
    "status: dwon",
)
NO_SUCH_COLUMN = Code(
    "MG403",
    Severity.ERROR,
    "missing column",
    "The mapping reads a column that the file does not have.",
    "Compare with the columns that the finding lists: the file may be another one, or have another header.",
    'subject: "{host}"',
)
BAD_ROW = Code(
    "MG404",
    Severity.ERROR,
    "row that could not be read",
    "A value that a record needs is unknown or does not have its form. The row left no record.",
    "Correct the row in its source and import the file again; what is known already is not taken twice.",
    "incidents.csv:17:1",
)
UNREADABLE_FILE = Code(
    "MG405",
    Severity.ERROR,
    "file that could not be read",
    "The file is empty, is damaged, or is not what the mapping says it is. What was read before that is kept.",
    "Do what the hint says and import the file again.",
    "incidents.csv:1:1",
)

EVIDENCE_CODES = (NO_IDENTITY, WRONG_WORD, NO_SUCH_COLUMN, BAD_ROW, UNREADABLE_FILE)
