from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from makegood import engine, platform
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.money.closing import account
from makegood.engine.vocabulary.reason import Reason
from makegood.platform.judging.verdicts.operations import judge_open
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.tenancy.viewer import Role
from makegood.platform.web.parts.judged import shown_step
from makegood.platform.web.parts.sentences.recognised import SENTENCES, in_language, said
from tests.platform.agreements import active
from tests.platform.evidence import sent, staff, state, up
from tests.platform.people import NOW, organisation, person

LAW = Path(engine.__file__).parent
MADE_UP = Path(platform.__file__).parent / "demo" / "agreements"
TESTS = Path(__file__).parents[1]
KEPT = sorted([*(TESTS / "stories" / "words").rglob("*.txt"), *(TESTS / "engine" / "judging" / "words").glob("*.txt")])
NO_SENTENCE = {".bonus", "UTC"}  # part of a name; part of a moment
ABOVE = "… as above"
OF_A_STEP = re.compile(r"(?P<said>.*?)(?: \(evidence: .*\))?(?: \[[a-z-]+\])?")
OF_A_POSTING = re.compile(r"\S+: \w+ .+ on snapshot \d+: (?P<said>.+)")
OF_OTHERS = re.compile(r"caused by |tier |\d{4}\S* gives the right ")
OF_A_MISS = re.compile(r"(?P<said>.+): [\d,./]+(?:, (?:incident|step|item) .*|, \d{4}-.*)?")


def words_of(file: Path) -> Iterator[str]:
    """Give the words in the texts of a module of the law that are neither documentation nor refusals."""
    tree = ast.parse(file.read_text("utf-8"))
    left_out = {part for each in ast.walk(tree) if isinstance(each, ast.Raise) for part in ast.walk(each)}
    left_out |= {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.FormattedValue) and each.format_spec is not None:
            left_out |= {*ast.walk(each.format_spec)}
        found = each.values if isinstance(each, ast.JoinedStr) and each not in left_out else [each]
        for part in found:
            text = part.value if isinstance(part, ast.Constant) and part not in left_out else None
            if isinstance(text, str) and (found != [each] or " " in text):
                yield text.strip()


def steps_of(file: Path) -> Iterator[str]:
    """Give the sentences in an explanation that is kept: steps with their figures, postings, and what was missed."""
    section = ""
    for line in file.read_text("utf-8").splitlines():
        text = line.strip()
        if not line.startswith("    "):
            section = text
        if not line.startswith(" ") or text in {ABOVE, "Breakdown", "Counted against the promise", "Readings"}:
            continue
        pattern = OF_A_POSTING if OF_A_POSTING.fullmatch(text) else OF_A_STEP
        if section == "Counted against the promise":
            pattern = OF_A_MISS
        elif section in {"Breakdown", "Readings"} or OF_OTHERS.match(text):
            continue
        match = pattern.fullmatch(text)
        assert match is not None, line
        yield match["said"]


def is_known(text: str) -> bool:
    """Tell whether a line is a sentence that is known, or one with its figure behind it."""
    parts = text.split(": ")
    halves = ((": ".join(parts[:at]), ": ".join(parts[at:])) for at in range(len(parts) - 1, 0, -1))
    return said(text) is not None or any(said(one) is not None and said(other) is not None for one, other in halves)


@pytest.fixture
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.usefixtures("german")
class TestWhatTheLawSays:
    def test_has_a_sentence_for_all_its_words(self) -> None:
        files = [*(LAW / "judging").rglob("*.py"), *(LAW / "money").rglob("*.py")]
        words = {each for file in files for each in words_of(file) if re.search("[a-z]{2}", each)}
        assert len(words) > 200
        unknown = {each for each in words if not any(each in sentence for sentence in SENTENCES)}
        assert sorted(unknown - NO_SENTENCE) == []

    @pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
    def test_is_known_in_every_explanation_that_is_kept(self, file: Path) -> None:
        assert [each for each in dict.fromkeys(steps_of(file)) if not is_known(each)] == []

    @pytest.mark.parametrize("file", sorted(MADE_UP.glob("*.yaml")), ids=lambda file: file.stem)
    def test_is_known_of_what_the_made_up_world_agreed(self, file: Path) -> None:
        agreement = read(file.read_text("utf-8")).agreement
        assert agreement is not None
        found = account(agreement=agreement, periods=periods_of(agreement)[:3], evidence=Evidence.of([]))
        reasons = [verdict.reason for each in found.judgements for verdict in each.verdicts]
        reasons += [credits.reason for credits in found.credits]
        reasons += [credit.reason for credits in found.credits for credit in credits.credits]
        texts = {text for reason in reasons for step in reason.walk() for text in (step.text, step.value) if text}
        assert sorted(each for each in texts if said(each) is None) == []

    @pytest.mark.parametrize(
        ("english", "expected"),
        [
            ("till: 1,234,567 s agreed, 60 s down", "till: 1.234.567 s vereinbart, 60 s ausgefallen"),
            ("99.9400 % meets the target of >= 99.5 %", "99,9400 % erfüllt den Zielwert ≥ 99,5 %"),
            ("1 hour 30 minutes is rounded up", "1 Stunde 30 Minuten wird aufgerundet"),
            ("i-3 (P1) took 4h 55m, and 2 business days are agreed", "i-3 (P1): dauerte 4 h 55 min, vereinbart sind 2 Arbeitstage"),
            ("shop down 2026-03-05 10:00Z .. 2026-03-05 11:00Z", "shop ausgefallen 5. März 2026, 10:00 – 11:00 UTC"),
            ("orders left out because of storm (the first 20 records are cited, 1,480 more are not)",
             "orders: ausgelassen wegen storm (die ersten 20 Datensätze sind angeführt, 1.480 weitere nicht)"),
            ("98 % is at least 97 %, below 99 %: 10 % of the base", "98 % ist mindestens 97 %, unter 99 %: 10 % der Bemessungsgrundlage"),
            ("a: Missed in 2 consecutive periods: 1,000.00 EUR times 1.5", "a: Verfehlt in 2 Zeiträumen in Folge: 1.000,00 EUR mal 1,5"),
            ("uptime would be 0.00 EUR; it is final since 2025-03-12 00:00 UTC, and it stays as it was booked",
             "uptime ergäbe 0,00 EUR; er ist seit 12. März 2025, 00:00 UTC endgültig und bleibt, wie er gebucht wurde"),
            ("restated: 10.00 EUR instead of 1,200.00 EUR", "neu berechnet: 10,00 EUR statt 1.200,00 EUR"),
            ("1,200.00 EUR", "1.200,00 EUR"),
            ("MISSED", "verfehlt"),
            ("99.8 %, none, 1,000.5", "99,8 %, keine, 1.000,5"),
            ("2,678,400 s", "2.678.400 s"),
            ("INC-1", "INC-1"),
            ("2026-02-31", "2026-02-31"),
        ],
    )  # fmt: skip
    def test_reads_in_german(self, english: str, expected: str) -> None:
        assert in_language(english) == expected

    def test_stays_english_and_is_marked_as_that_where_nobody_knows_it(self) -> None:
        assert in_language("Nobody has ever said this before.") == "Nobody has ever said this before."
        step = shown_step(Reason("Nobody has ever said this before.", "1,234 s", (Reason("agreed time", "5 s"),)))
        assert (step["text"], step["english"], step["value"]) == ("Nobody has ever said this before.", True, "1.234 s")
        below = step["steps"][0]
        assert (below["text"], below["english"], below["value"]) == ("vereinbarte Zeit", False, "5 s")

    @pytest.mark.parametrize(
        "text", ["a: " * 300 + "b", "a; " * 300 + "b", "a → " * 200 + "b", "a: b; c, d → " * 70, "x" * 5000 + " y z"]
    )
    def test_stays_as_it_is_where_it_goes_too_deep(self, text: str) -> None:
        assert said(text) is None

    def test_stays_as_it_is_where_there_is_no_such_day(self) -> None:
        assert said("shop down 2026-02-31 10:00Z .. 2026-03-05 11:00Z") is None


class TestInEnglish:
    def test_what_the_law_says_stays_as_it_is(self) -> None:
        with translation.override("en"):
            assert in_language("till: 1,234,567 s agreed, 60 s down") == "till: 1,234,567 s agreed, 60 s down"
            assert shown_step(Reason("Nobody has ever said this before."))["english"] is False


@pytest.mark.django_db
class TestTheGermanPageOfAVerdict:
    def test_explains_in_german_what_is_kept_in_english(self, client: Client) -> None:
        contract = active()
        sent(contract, up("2025-12-31T23:00:00Z", "2026-03-10T09:00:00Z"))
        sent(contract, [state("till", "down", "2026-03-05T10:00:00Z", "2026-03-05T11:00:00Z")])
        judge_open(contract=contract, now=NOW)
        march = latest_verdicts(viewer=staff(Role.OWNER), contract=contract)[-1]
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR))
        client.post("/language", {"language": "de", "next": "/portal/"})
        page = client.get(f"/portal/agreements/{contract.slug}/verdicts/{march.pk}/").content.decode()
        assert "shop ausgefallen 5. März 2026, 10:00 – 11:00 UTC" in page
        assert "99,5575 %" in page
        assert "erfüllt den Zielwert ≥ 99,9 % nicht" in page
        assert "s agreed" not in page
        assert "does not meet" not in page
        texts = [each.text for each in Reason.from_json(march.form["reason"]).walk()]
        assert "shop down 2026-03-05 10:00Z .. 2026-03-05 11:00Z" in texts
