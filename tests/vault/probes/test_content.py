from __future__ import annotations

import hashlib
import struct

from hypothesis import given

from makegood.engine.evidence.probes import Probe
from makegood.engine.evidence.records import Status
from makegood.vault.probes.columns import NO_VALUE, ProbeColumns
from makegood.vault.probes.content import content_hash
from tests.vault.probes.probing import NOON, SHOP, accepted, probe, probes, up_at

SHOP_LINE = b'{"check":"http","labels":[],"of":"response-time","source":"monitoring","subject":"shop","unit":"ms"}\n'
WEB_LINE = '{"check":"http","labels":[["site","Köln"]],"of":"response-time","source":"monitoring","subject":"web-1","unit":"ms"}\n'


class TestContentHash:
    def test_is_that_of_each_series_and_its_columns(self) -> None:
        columns = ProbeColumns.of([probe(60, Status.DOWN), probe(0, micro=5), probe(0, series=SHOP, micro=-1)])
        content = SHOP_LINE + struct.pack("<qBq", NOON, 0, -1)
        content += WEB_LINE.encode() + struct.pack("<qqBBqq", NOON, NOON + 60, 0, 2, 5, NO_VALUE)
        assert content_hash(columns) == hashlib.sha256(content).hexdigest()

    def test_of_no_probes_is_that_of_nothing(self) -> None:
        assert content_hash(ProbeColumns.of([])) == hashlib.sha256(b"").hexdigest()

    @given(probes())
    def test_does_not_depend_on_the_order(self, drawn: list[Probe]) -> None:
        columns = ProbeColumns.of(drawn)
        assert content_hash(columns.chosen(slice(None, None, -1))) == content_hash(columns)

    def test_does_not_depend_on_the_entry(self) -> None:
        assert content_hash(accepted(up_at(0, 60), 1, 2)) == content_hash(ProbeColumns.of(up_at(0, 60)))
