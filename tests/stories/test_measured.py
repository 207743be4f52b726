"""Every story comes to the same verdicts and cents when its evidence is measured before it is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from makegood.engine.agreement.terms import Agreement
from makegood.vault.vault import Vault
from tests.both_ways import said_both_ways
from tests.stories.story import Block, blocks
from tests.stories.test_stories import STORIES, Telling
from tests.stories.test_templates import STORIES as TEMPLATES
from tests.stories.test_templates import whole

EVERY = [*STORIES, *sorted(TEMPLATES.glob("*.md"))]
_ASKS = ("settle", "expect", "claims")


class TestMeasuredStory:
    @pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
    def test_comes_to_the_same_verdicts_and_cents(self, path: Path, tmp_path: Path) -> None:
        telling: Telling | None = None
        steps = 0
        for block in blocks(path):
            if block.word == "agreement":
                telling = _begun(block, path, tmp_path)
                continue
            assert telling is not None
            if block.word in _ASKS:
                steps += 1
                for each in (telling.agreement, *telling.suppliers):
                    _compare(telling.vault, each)
            else:
                tell = {"evidence": telling.evidence, "amendment": telling.amendment, "supplier": telling.supplier}
                tell[block.word](block)
        assert steps


def _begun(block: Block, path: Path, folder: Path) -> Telling:
    is_template = path.parent == TEMPLATES
    return Telling(whole(block) if is_template else block, path.name, folder, faults=block.lines if is_template else ())


def _compare(vault: Vault, agreement: Agreement) -> None:
    law, plan = said_both_ways(vault, agreement)
    assert plan == law
