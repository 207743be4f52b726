from __future__ import annotations

import zlib
from base64 import b64decode, b64encode

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makegood.engine.evidence.probes import Series
from makegood.vault.probes.parquet import LONGEST_TABLE, names_in, parquet_bytes
from tests.vault.probes.probing import PING, WEB

TABLE = pa.table({"at": [1, 2]})


def names(packed: bytes) -> tuple[Series, ...]:
    """Return what is read from a file with this table of series."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, TABLE.schema) as writer:
        writer.write_table(TABLE)
        writer.add_key_value_metadata({b"series": packed})
    return names_in(pq.ParquetFile(pa.BufferReader(sink.getvalue())))


class TestTheTableOfSeries:
    def test_is_read_as_it_was_written(self) -> None:
        file = pq.ParquetFile(pa.BufferReader(parquet_bytes(TABLE, (PING, WEB), {}, {"more": "said"})))
        assert (names_in(file), file.metadata.metadata[b"more"]) == ((PING, WEB), b"said")

    def test_is_one_object_for_files_with_the_same(self) -> None:
        one, other = (pq.ParquetFile(pa.BufferReader(parquet_bytes(TABLE, (PING, WEB), {}, {}))) for _ in range(2))
        assert names_in(one) is names_in(other)

    @pytest.mark.parametrize(
        ("_case", "packed", "sentence"),
        [
            ("not packed", b"[17]", "its table of series cannot be read: "),
            ("packed otherwise", b64encode(b"[17]"), "its table of series cannot be read: "),
            ("no lines of JSON", b64encode(zlib.compress(b"17\n")), "its table of series cannot be read: "),
            (
                "half of it",
                b64encode(zlib.compress(b"{}\n")[:-5]),
                "its table of series is cut off, or longer than any$",
            ),
            (
                "what would fill the memory",
                b64encode(zlib.compress(bytes(LONGEST_TABLE + 1), 1)),
                "its table of series is cut off, or longer than any$",
            ),
        ],
    )
    def test_is_refused_with_a_sentence_if_it_is_something_else(self, _case: str, packed: bytes, sentence: str) -> None:
        with pytest.raises(ValueError, match=f"^{sentence}"):
            names(packed)

    def test_is_lines_of_json(self) -> None:
        """Whoever wants more than source, subject and check of a series finds it there."""
        file = pq.ParquetFile(pa.BufferReader(parquet_bytes(TABLE, (PING,), {}, {})))
        assert zlib.decompress(b64decode(file.metadata.metadata[b"series"])) == (
            b'{"check":"ping","labels":[],"of":"delay","source":"monitoring","subject":"shop","unit":"s"}\n'
        )
