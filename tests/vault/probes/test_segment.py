from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.parquet import ROWS_IN_GROUP
from makegood.vault.probes.segment import row_groups, segment_bytes, segment_columns
from tests.vault.probes.probing import NOON, PING, SHOP, WEB, accepted, probe, probes, same, up_at

THREE = accepted([*up_at(0, series=PING), probe(0, micro=12_500_000), probe(60, Status.DOWN, 7_000)], 1, 1, 2)


def many(rows: int) -> ProbeColumns:
    """Return probes of one series, a second apart."""
    numbers = np.arange(rows, dtype=np.int64)
    at = NOON + numbers
    return ProbeColumns((WEB,), np.zeros(rows, np.int32), at, np.zeros(rows, np.uint8), 1_000 * numbers, numbers)


class TestASegment:
    @given(probes(), st.lists(st.integers(1, 9), min_size=60))
    def test_is_read_as_it_was_written(self, drawn: list[Probe], sequence: list[int]) -> None:
        columns = accepted(drawn, *sequence[: len(drawn)])
        content = segment_bytes(columns)
        assert same(segment_columns(content), columns)
        assert segment_bytes(columns) == content

    def test_is_read_from_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "day.parquet"
        file.write_bytes(segment_bytes(THREE))
        assert same(segment_columns(file), THREE)

    def test_can_be_read_as_it_was_known_then(self) -> None:
        known = segment_columns(segment_bytes(THREE), until=1)
        assert (known.names, known.probes()) == ((PING, WEB), THREE.probes()[:2])
        assert segment_columns(segment_bytes(THREE), until=0).names == ()

    def test_is_put_in_order_when_it_is_read_whole(self) -> None:
        assert same(segment_columns(segment_bytes(THREE.chosen([2, 0, 1]))), THREE)

    def test_says_to_other_tools_what_it_holds(self) -> None:
        table = pq.read_table(pa.BufferReader(segment_bytes(THREE)))
        assert table.to_pylist()[1:] == [
            {
                "series": 1,
                "at": NOON + second,
                "status": status,
                "value": value,
                "sequence": sequence,
                "source": "monitoring",
                "subject": "web-1",
                "check": "http",
                "scale": 1_000,
            }
            for second, status, value, sequence in ((0, 0, 12_500, 1), (60, 2, 7, 2))
        ]
        assert table.column("value").to_pylist()[0] is None

    @pytest.mark.parametrize(
        ("_case", "values", "scale", "form"),
        [
            ("no value", [None], 1, "int32"),
            ("nothing at all", [0], 1, "int32"),
            ("small after division", [2_000_000_000_000, -4_000_000_000_000], 2_000_000_000_000, "int32"),
            ("too large for four bytes", [2**31, -1], 1, "int64"),
            ("too low for four bytes", [-(2**31), 1], 1, "int64"),
        ],
    )
    def test_holds_values_in_the_bytes_they_need(
        self, _case: str, values: list[int | None], scale: int, form: str
    ) -> None:
        columns = ProbeColumns.of([probe(second, micro=value) for second, value in enumerate(values)])
        content = segment_bytes(replace(columns, sequence=np.ones(len(values), np.int64)))
        table = pq.read_table(pa.BufferReader(content))
        assert (table.column("scale").to_pylist()[0], str(table.schema.field("value").type)) == (scale, form)
        assert segment_columns(content).value.tolist() == columns.value.tolist()


class TestRowGroups:
    def test_come_one_by_one_with_the_whole_table(self) -> None:
        columns = many(ROWS_IN_GROUP + 1)
        first, second = row_groups(segment_bytes(columns))
        assert (len(first), len(second), second.names, second.sequence) == (ROWS_IN_GROUP, 1, (WEB,), None)
        assert (second.at.tolist(), second.value.tolist()) == ([NOON + ROWS_IN_GROUP], [1_000 * ROWS_IN_GROUP])

    def test_are_cut_to_what_was_known_then(self) -> None:
        (group,) = row_groups(segment_bytes(THREE), until=1)
        assert (group.names, group.probes()) == ((PING, WEB), THREE.probes()[:2])

    def test_are_in_the_order_of_the_file(self) -> None:
        (group,) = row_groups(segment_bytes(THREE.chosen([2, 0, 1])), sequences=True)
        assert group.sequence is not None
        assert group.sequence.tolist() == [2, 1, 1]

    def test_have_no_rows_if_the_segment_has_none(self) -> None:
        assert [len(group) for group in row_groups(segment_bytes(accepted([])))] == [0]


class TestWhatIsNoSegment:
    @pytest.mark.parametrize(
        ("_case", "content"),
        [
            ("nothing", b""),
            ("other bytes", b"PAR1 and so on PAR1"),
            ("half of it", segment_bytes(THREE)[:-300]),
        ],
    )
    def test_is_refused_with_a_sentence(self, _case: str, content: bytes) -> None:
        with pytest.raises(ValueError, match=r"^it is not a segment of probes: "):
            segment_columns(content)

    def test_is_refused_if_it_is_another_table(self) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table({"at": [1]}), sink)
        with pytest.raises(ValueError, match=r"^it has no table of series$"):
            segment_columns(sink.getvalue().to_pybytes())

    @pytest.mark.parametrize(
        ("_case", "column", "scale", "sentence"),
        [
            ("values that are texts", pa.array(["1", "2", "3"]), b"1", "it does not have the columns of probes"),
            ("a scale without end", pa.array([1, 2, 3], pa.int32()), b"9" * 30, "it is not a segment of probes: "),
        ],
    )
    def test_is_refused_if_its_values_cannot_be_read(
        self, _case: str, column: pa.Array, scale: bytes, sentence: str
    ) -> None:
        file = pq.ParquetFile(pa.BufferReader(segment_bytes(THREE)))
        table = file.read()
        table = table.set_column(table.column_names.index("value"), "value", column)
        sink = pa.BufferOutputStream()
        with pq.ParquetWriter(sink, table.schema) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({**file.metadata.metadata, b"scale": scale})
        with pytest.raises(ValueError, match=f"^{sentence}"):
            segment_columns(sink.getvalue().to_pybytes())

    def test_is_refused_if_there_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=r"^it is not a segment of probes: "):
            list(row_groups(tmp_path / "nowhere.parquet"))

    def test_is_refused_if_it_would_fill_the_memory(self) -> None:
        file = pq.ParquetFile(pa.BufferReader(segment_bytes(many(ROWS_IN_GROUP + 1))))
        sink = pa.BufferOutputStream()
        with pq.ParquetWriter(sink, file.schema_arrow) as writer:
            writer.write_table(file.read(), ROWS_IN_GROUP + 1)
            writer.add_key_value_metadata(file.metadata.metadata)
        with pytest.raises(ValueError, match=r"^it has a group of more rows than any that was sealed$"):
            segment_columns(sink.getvalue().to_pybytes())

    def test_is_refused_wherever_a_byte_of_its_pages_is_changed(self) -> None:
        """Or it reads as other probes, which its hash tells; but it never ends in another error."""
        content = segment_bytes(accepted([*up_at(*range(0, 600, 60)), *up_at(0, series=SHOP)], *([1] * 11)))
        for place in range(0, len(content), 7):
            broken = bytearray(content)
            broken[place] ^= 0xFF
            try:
                segment_columns(bytes(broken))
            except ValueError:
                continue
