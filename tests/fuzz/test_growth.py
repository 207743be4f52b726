"""A document twice as long takes twice the work, and nothing small becomes something large."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.document import read
from makegood.engine.agreement.form_codes import LARGEST_DOCUMENT, MOST_REFUSED
from makegood.engine.agreement.nodes import Composition
from makegood.engine.agreement.places import Places
from tests.fuzz.growth import LONG, work

STEP = 25


class TestReading:
    @pytest.mark.parametrize("name", LONG)
    def test_takes_no_more_work_for_each_part_than_for_the_one_before(self, name: str) -> None:
        document = LONG[name]
        work(document(1))
        short, middle, long = (work(document(STEP * times)) for times in (1, 2, 4))
        assert long - middle <= 2 * (middle - short) * 1.15 + 50


class TestBombs:
    @pytest.mark.parametrize(
        ("_case", "text", "code"),
        [
            ("laughter", "a: &a [ha]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "MG106"),
            ("a merge", "a: &a {x: 1}\nb: {<<: *a}\n", "MG106"),
            ("a document inside itself", "a: &a [*a]\n", "MG106"),
            ("an object", "title: !!python/object/apply:os.system [ls]\n", "MG106"),
            ("many brackets", "title: " + "[" * 100_000, "MG104"),
            ("many braces", "title: " + "{a: " * 100_000, "MG104"),
            ("many dashes", "- " * 100_000, "MG104"),
            ("many questions", "? " * 100_000, "MG104"),
            ("a large text", "title: " + "x" * LARGEST_DOCUMENT, "MG103"),
            ("a large number", "term: {months: " + "9" * 400_000 + "}\n", "MG111"),
        ],
    )
    def test_are_refused_with_a_sentence(self, _case: str, text: str, code: str) -> None:
        document = read(text)
        assert document.agreement is None
        assert code in {finding.code for finding in document.findings}
        assert max(len(str(finding)) for finding in document.findings) < 500

    def test_of_aliases_stay_as_small_as_their_text(self) -> None:
        text = "a: &a [ha]\n" + "".join(f"k{number}: [*a, *a]\n" for number in range(50))
        nodes = Composition(Places(""))
        assert nodes.compose(text) is not None
        assert len(nodes.places.keys) <= len(text)

    def test_of_findings_end_somewhere(self) -> None:
        document = read(completed("x: [" + "!!str 1, " * 50_000 + "]\n"))
        assert len(document.findings) <= MOST_REFUSED
