from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given

from makegood.engine.evidence.probes import Probe
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.probes.payload import payload_bytes, payload_columns
from tests.vault.probes.probing import WEB, probes, same, up_at


def stream(schema: pa.Schema, **columns: pa.Array) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        if columns:
            writer.write_batch(pa.RecordBatch.from_arrays(list(columns.values()), schema=schema))
    content: bytes = sink.getvalue().to_pybytes()
    return content


class TestAPayload:
    @given(probes())
    def test_is_read_as_it_was_written(self, drawn: list[Probe]) -> None:
        columns = ProbeColumns.of(drawn)
        content = payload_bytes(columns)
        assert same(payload_columns(content), columns)
        assert payload_bytes(payload_columns(content)) == content

    @pytest.mark.parametrize(
        ("_case", "content", "sentence"),
        [
            ("nothing", b"", "it is not an Arrow stream: "),
            ("other bytes", b"PAR1 and so on", "it is not an Arrow stream: "),
            ("half of it", payload_bytes(ProbeColumns.of(up_at(0)))[:-300], "it is not an Arrow stream: "),
            ("no batch", stream(pa.schema([])), "it is not an Arrow stream: "),
            (
                "another table",
                stream(pa.schema([("at", pa.int64())]), at=pa.array([1])),
                "it does not have the columns of probes",
            ),
        ],
    )
    def test_is_refused_with_a_sentence_if_it_is_something_else(
        self, _case: str, content: bytes, sentence: str
    ) -> None:
        with pytest.raises(ValueError, match=rf"^{sentence}"):
            payload_columns(content)

    @pytest.mark.parametrize("wrong", [b"{}", b"17", b"[]", b"{", b'{"subject":"x","labels":[]}', b'{"labels":17}'])
    def test_is_refused_if_its_table_of_series_is_none(self, wrong: bytes) -> None:
        batch = pa.ipc.open_stream(payload_bytes(ProbeColumns.of(up_at(0)))).read_next_batch()
        schema = batch.schema.with_metadata({b"series": wrong + b"\n"})
        with pytest.raises(ValueError, match=r"^its table of series cannot be read: "):
            payload_columns(stream(schema, **dict(zip(schema.names, batch.columns, strict=True))))

    def test_is_refused_if_its_table_of_series_is_not_sorted(self) -> None:
        batch = pa.ipc.open_stream(payload_bytes(ProbeColumns.of(up_at(0)))).read_next_batch()
        schema = batch.schema.with_metadata({b"series": 2 * batch.schema.metadata[b"series"]})
        with pytest.raises(ValueError, match=r"^its table of series is not sorted$"):
            payload_columns(stream(schema, **dict(zip(schema.names, batch.columns, strict=True))))

    def test_shares_its_series_with_other_payloads(self) -> None:
        first, second = (payload_columns(payload_bytes(ProbeColumns.of(up_at(at)))) for at in (0, 60))
        assert first.names == (WEB,)
        assert first.names[0] is second.names[0]
