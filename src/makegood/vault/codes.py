"""Findings of series MG5: what is wrong with a vault, or with what was given to it."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

SEAL_DAMAGED = Code(
    "MG501",
    Severity.ERROR,
    "damaged seal",
    "A seal is not what was written: its own hash does not fit, or it cannot be read.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    '{"sequence": 12, "hash": "0000…"}',
)
CHAIN_BROKEN = Code(
    "MG502",
    Severity.ERROR,
    "broken chain",
    "A seal is missing, stands in another one's place, or does not follow from the one before it.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "seals/000011.json, seals/000013.json",
)
SEGMENT_DAMAGED = Code(
    "MG503",
    Severity.ERROR,
    "damaged segment",
    "A file of records is missing, or holds other bytes, rows or records than were sealed.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "segments/000012-tally-0123456789abcdef.parquet: 5 of 6 rows",
)
NOT_SEALED = Code(
    "MG504",
    Severity.NOTE,
    "file that no seal names",
    "It was written by an import that did not come to its end, and is never read. The next writer removes it.",
    "Nothing has to be done; import the file again if that has not happened yet.",
    "segments/000013-tally-0123456789abcdef.parquet.part",
)
BOOK_DAMAGED = Code(
    "MG505",
    Severity.ERROR,
    "damaged book",
    "A line of the book of settlements is not what was written, or does not follow from the one before it.",
    "Restore the vault from a copy; the statements that were sent show what was booked.",
    "book/acme-erp.jsonl:3:1",
)
VAULT_DAMAGED = Code(
    "MG506",
    Severity.ERROR,
    "damaged vault",
    "The file that says that this folder is a vault, and in which format, is not what was written.",
    "Restore the vault from a copy.",
    "vault.json:1:1",
)
CONFLICT = Code(
    "MG507",
    Severity.ERROR,
    "other content under the same identity",
    "The source sent a record under an identifier that it has used already, with other content. Evidence is never"
    " rewritten, so the first record still counts and the second was refused.",
    "If the new content is right, send a correction of the first record, and the new one under its own identifier.",
    "tickets#INC0000045/resolved",
)

VAULT_CODES = (SEAL_DAMAGED, CHAIN_BROKEN, SEGMENT_DAMAGED, NOT_SEALED, BOOK_DAMAGED, VAULT_DAMAGED, CONFLICT)
