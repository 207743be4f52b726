"""The page on other tools is what it says: its blocks are run one after the other, and what they print is compared."""

from __future__ import annotations

import re
import shlex
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import Status, Tally
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.vault import Vault
from tests.cli.door import makegood
from tests.vault.measuring.sql.engines import Sail

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "read-a-vault-with-other-tools.md"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ makegood (.*)$", re.MULTILINE)
MIDNIGHT, TEN_MINUTES = 1_772_755_200, 600  # 2026-03-06
NOW = datetime(2026, 3, 8, tzinfo=UTC)


def evidence(folder: Path) -> None:
    """Seal two days of two subjects, of which the shop is down for two hours, and a thousand orders."""
    every = [
        Probe(
            Series("monitoring", subject, "http", "response-time", "s"),
            instant_of(MIDNIGHT + TEN_MINUTES * number),
            Status.DOWN if subject == "shop" and 60 <= number < 72 else Status.UP,
            Ratio(1, 4),
        )
        for subject in ("shop", "till")
        for number in range(288)
    ]
    orders = [
        Tally(source="desk", source_id=result, subject="", of="orders", result=result, count=count, start=NOW, end=NOW)
        for result, count in (("accepted", 990), ("refused", 10))
    ]
    vault = Vault.create(folder)
    for number in (0, 1):  # so that compaction replaces something
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of(every[number::2]))
            writer.append(orders[number::2])
            writer.seal()
    kept = {path: path.read_bytes() for path in (folder / "segments").iterdir()}
    vault.compact(now=NOW)
    for path, content in kept.items():
        path.write_bytes(content)


class TestReadingAVaultWithOtherTools:
    def test_can_be_done_to_the_letter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        evidence(tmp_path / "evidence")
        names: dict[str, Any] = {}
        page = PAGE.read_text(encoding="utf-8")
        commands = COMMAND.findall(page)
        assert [makegood(*shlex.split(each)).code for each in commands] == [0, 0]
        blocks = BLOCK.findall(page)
        for block, expected in blocks:
            printed = StringIO()
            with redirect_stdout(printed):
                exec(block, names)  # noqa: S102  # what the page says
            assert printed.getvalue() == expected
        assert len(blocks) == 6

    def test_begins_in_spark_with_another_sentence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        evidence(tmp_path / "evidence")
        (view,) = re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        with Sail.started() as sail:
            sail.answer(view)
            counted = sail.answer("SELECT p.subject, COUNT(*) AS probes FROM probes AS p GROUP BY p.subject ORDER BY 1")
        # Each probe is there twice: compaction wrote one segment a day, and those that it replaced are still there.
        assert counted.to_pylist() == [{"subject": "shop", "probes": 576}, {"subject": "till", "probes": 576}]
