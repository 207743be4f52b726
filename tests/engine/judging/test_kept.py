from __future__ import annotations

import pytest

from makegood.engine.agreement.document import read
from makegood.engine.agreement.measure_prose import readings_in_words
from makegood.engine.agreement.readings import readings_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Ruling, Verdict
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import period, tally, texts

WEIGHTS = "weights: {orders: 50%, desk: 30%, backup: 20%}"
MET, MISSED = "accepted", "lost"


def score(terms: str = WEIGHTS, target: str = ">= 100%") -> Agreement:
    """Return an agreement with a score over three ratios."""
    others = "".join(
        f"  {name}: {{promise: P., measure: {{kind: ratio, of: {name}, good: accepted}}, target: '>= 50%'}}\n"
        for name in ("orders", "desk", "backup")
    )
    document = read(
        "makegood: agreement/1\nagreement: one\ntitle: T\nparties: {provider: p, customer: c}\n"
        "term: {from: 2025-01-01, months: 12, timezone: UTC}\nmoney: {currency: EUR}\nservices: {s: {title: S}}\n"
        f"outcomes:\n{others}  it: {{promise: All., measure: {{kind: kept, {terms}}}, target: '{target}'}}\n"
    )
    assert document.agreement is not None, document.findings
    return document.agreement


def april(terms: Agreement, **results: str) -> Verdict:
    records = [tally("04-10 10:00", result, of=name) for name, result in results.items()]
    return judge(terms, period(terms, "2025-04"), Evidence.of(records)).of("it")


class TestKept:
    def test_is_the_share_of_promises_by_weight(self) -> None:
        found = april(score(), orders=MET, desk=MISSED, backup=MET)
        assert (found.ruling, found.measurement.value) == (Ruling.MISSED, Ratio(7, 10))
        assert [miss.what for miss in found.measurement.misses] == ["desk was missed"]
        assert (found.measurement.good, found.measurement.total) == (2, 3)
        assert "desk: MISSED" in texts(found.reason)

    @pytest.mark.parametrize(("target", "ruling"), [(">= 100%", Ruling.MISSED), ("> 0%", Ruling.MET)])
    def test_can_ask_for_all_or_for_any(self, target: str, ruling: Ruling) -> None:
        terms = score("of: [orders, desk, backup]", target)
        found = april(terms, orders=MET, desk=MISSED, backup=MISSED)
        assert (found.ruling, found.measurement.value) == (ruling, Ratio(1, 3))

    @pytest.mark.parametrize(
        ("undecided", "value", "ruling"),
        [
            ("undecided", None, Ruling.UNDECIDED),
            ("left_out", Ratio(5, 8), Ruling.MISSED),
            ("missed", Ratio(1, 2), Ruling.MISSED),
        ],
    )
    def test_reads_what_is_undecided_as_agreed(self, undecided: str, value: Ratio | None, ruling: Ruling) -> None:
        found = april(score(f"{WEIGHTS}, undecided: {undecided}"), orders=MET, desk=MISSED)
        assert (found.ruling, found.measurement.value) == (ruling, value)

    def test_without_any_verdict_has_none(self) -> None:
        found = april(score("of: [orders], undecided: left_out"))
        assert found.measurement.undecided == "There is no verdict on orders in 2025-04."

    @pytest.mark.parametrize("terms", [WEIGHTS, "of: [orders, desk], undecided: missed"])
    def test_says_how_it_is_read(self, terms: str) -> None:
        found = score(terms)
        measure = found.outcomes["it"].measure
        said = [term for named, _ in measure.sentences() for term in named]
        assert sorted(said) == sorted(term for term, _, _ in readings_of(found, "it"))
        assert [sentence[-1] for sentence, _ in readings_in_words(found, "it")] == [".", "."]
        assert (measure.what, measure.described({})[:10]) == ("promises", "Its value ")
