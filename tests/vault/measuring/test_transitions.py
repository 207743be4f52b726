"""The file of transitions: what goes in comes out, and nothing else is taken for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makegood.vault.measuring.clocks.columns import TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, from_states
from makegood.vault.measuring.transitions import CHANGES, TransitionFile, transition_bytes
from makegood.vault.segment import ROWS_IN_GROUP

MANY = ROWS_IN_GROUP + 20_000


def columns(rows: int = 7, *, with_sequence: bool = True) -> TransitionColumns:
    random = np.random.default_rng(1)
    return from_states(
        StateColumns(
            ["opened", "wartet", "gelöst"],
            ["", "P1"],
            np.sort(random.integers(0, rows, rows)).astype(np.int32),
            np.arange(rows) * 61,
            random.integers(0, 3, rows).astype(np.int32),
            random.integers(0, 2, rows).astype(np.int32),
            np.arange(rows) // 3 if with_sequence else None,
        )
    )


def assert_same(found: TransitionColumns, expected: TransitionColumns) -> None:
    assert found.changes == expected.changes
    for name in ("case", "change", "at"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


class TestTransitionFile:
    @pytest.mark.parametrize("with_sequence", [True, False])
    def test_gives_back_what_was_written(self, with_sequence: bool) -> None:
        written = columns(with_sequence=with_sequence)
        file = TransitionFile.open(transition_bytes(written))
        (found,) = file.parts()
        assert_same(found, written)
        assert (len(file), found.sequence) == (7, None)

    def test_gives_the_entry_of_each_row_to_those_who_ask(self) -> None:
        (found,) = TransitionFile.open(transition_bytes(columns())).parts(with_sequence=True)
        assert found.sequence is not None
        assert found.sequence.tolist() == [0, 0, 0, 1, 1, 1, 2]

    def test_is_read_in_parts(self, tmp_path: Path) -> None:
        written = columns(MANY)
        path = tmp_path / "clocks.parquet"
        path.write_bytes(transition_bytes(written))
        parts = list(TransitionFile.open(path).parts())
        assert [len(part) for part in parts] == [65_536] * 7 + [ROWS_IN_GROUP - 7 * 65_536, 20_000]
        assert_same(parts[0], written.rows(slice(65_536)))
        assert_same(parts[-1], written.rows(slice(ROWS_IN_GROUP, MANY)))

    def test_has_the_same_bytes_for_the_same_rows(self) -> None:
        assert transition_bytes(columns()) == transition_bytes(columns())

    def test_may_have_no_rows(self) -> None:
        assert list(TransitionFile.open(transition_bytes(columns(0))).parts()) == []

    def test_is_refused_if_it_does_not_say_by_which_entry_rows_came(self) -> None:
        file = TransitionFile.open(transition_bytes(columns(with_sequence=False)))
        with pytest.raises(ValueError, match="does not say by which entries"):
            list(file.parts(with_sequence=True))


class TestWhatIsNoSuchFile:
    def test_is_refused_if_it_is_not_parquet(self) -> None:
        with pytest.raises(ValueError, match="it is not a file of transitions: "):
            TransitionFile.open(b"PAR1 and nothing more")

    def test_is_refused_with_other_columns(self) -> None:
        with pytest.raises(ValueError, match="it has other columns"):
            TransitionFile.open(rewritten(pa.table({"case": [1]})))

    @pytest.mark.parametrize("known", [{}, {CHANGES: b"[1]"}, {CHANGES: b"]"}, {CHANGES: json.dumps([["a", "b"]])}])
    def test_is_refused_without_its_changes(self, known: dict[bytes, bytes]) -> None:
        table = pq.read_table(pa.BufferReader(transition_bytes(columns()))).replace_schema_metadata(known or None)
        with pytest.raises(ValueError, match="it is not a file of transitions: "):
            TransitionFile.open(rewritten(table))

    def test_is_refused_where_its_rows_are_damaged(self) -> None:
        content = bytearray(transition_bytes(columns(1_000)))
        content[40:400] = bytes(360)
        file = TransitionFile.open(bytes(content))
        with pytest.raises(ValueError, match="the file of transitions is damaged: "):
            list(file.parts())

    def test_is_another_matter_if_the_disk_has_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            TransitionFile.open(tmp_path / "none.parquet")


def rewritten(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content
