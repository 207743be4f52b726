"""Findings of series MG5: what is wrong with a vault, or with what was given to it."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

MANIFEST_DAMAGED = Code(
    "MG501",
    Severity.ERROR,
    "damaged manifest",
    "A line of the manifest, which says what was sealed, is not what was written, or does not follow from the one"
    " before it.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "manifest.jsonl:12:1",
)
CHAIN_BROKEN = Code(
    "MG502",
    Severity.ERROR,
    "broken chain",
    "An entry, which is a batch that was accepted, is missing, stands in another one's place, or does not follow from"
    " the one before it.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "entry 13 follows entry 11",
)
SEGMENT_DAMAGED = Code(
    "MG503",
    Severity.ERROR,
    "damaged segment",
    "A file of records is missing, or holds other bytes, rows or records than were sealed.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "segments/tally-2026-03-000012-0123456789abcdef.parquet: 5 of 6 rows",
)
NOT_NAMED = Code(
    "MG504",
    Severity.NOTE,
    "file that nothing names",
    "It was written by a program that did not come to its end, or what it held was sealed or compacted since. It is"
    " never read; the next writer removes it if its name is one that writers leave.",
    "Nothing has to be done.",
    "segments/tally-2026-03-000013-0123456789abcdef.parquet.part",
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

LOG_DAMAGED = Code(
    "MG508",
    Severity.ERROR,
    "damaged log",
    "An entry in the log, where batches lie until they are sealed, is not what was written.",
    "Restore the vault from a copy; or let `makegood vault repair` set aside that entry and those behind it, and import"
    " their files again.",
    "log/000000000012.log: the entry at byte 5,117",
)
ENTRY_ALTERED = Code(
    "MG509",
    Severity.ERROR,
    "altered entry",
    "What the segments hold of an entry is not what was accepted: something was added, taken away or changed when it"
    " was sealed or compacted.",
    "Restore the vault from a copy, or verify the bundles that were made of it.",
    "entry 12: 5 of 6 rows",
)
SIGNATURE_DAMAGED = Code(
    "MG510",
    Severity.ERROR,
    "damaged signature",
    "A line of signatures is not what was written, does not follow from the one before it, or was not signed with the"
    " key that it names.",
    "Restore `signatures.jsonl` from a copy.",
    "signatures.jsonl:3:1",
)
SIGNED_OTHERWISE = Code(
    "MG511",
    Severity.ERROR,
    "other than was signed",
    "An entry or a line of the manifest that was signed does not stand in the vault any more: after it was signed, what"
    " the vault holds was written anew.",
    "Restore the vault from a copy. If an entry was set aside on purpose, by `makegood vault repair`, move"
    " `signatures.jsonl` aside as well and sign again.",
    "signatures.jsonl:3:1: entry 12",
)
NOT_SIGNED = Code(
    "MG512",
    Severity.ERROR,
    "not signed by this key",
    "`makegood vault check --signed-by` names a public key, and the newest signature is by another one, or nothing is"
    " signed.",
    "Ask who should have signed, and compare the public key with the one that you were told.",
    "signatures.jsonl:3:1",
)

VAULT_CODES = (
    MANIFEST_DAMAGED,
    CHAIN_BROKEN,
    SEGMENT_DAMAGED,
    NOT_NAMED,
    BOOK_DAMAGED,
    VAULT_DAMAGED,
    CONFLICT,
    LOG_DAMAGED,
    ENTRY_ALTERED,
    SIGNATURE_DAMAGED,
    SIGNED_OTHERWISE,
    NOT_SIGNED,
)
