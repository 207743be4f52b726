import hashlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import GOOD, completed
from makegood.engine.agreement.document import Document, read
from makegood.engine.vocabulary.finding import Severity

ROOT = Path(__file__).resolve().parents[3]

# Pieces that YAML and the language care about, so that random texts get somewhere.
pieces = st.sampled_from(
    [
        *GOOD.splitlines(keepends=True),
        *(
            "{",
            "}",
            "[",
            "]",
            ": ",
            ", ",
            "- ",
            "? ",
            "&a ",
            "*a",
            "!t ",
            "<<",
            "|\n",
            ">\n",
            "'",
            '"',
            "\\x00",
            "%",
            "@",
        ),
        *(
            "\n",
            "  ",
            "\t",
            "\r",
            "#",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "%TAG ! x\n",
            "\ufeff",
            "\x00",
            "\u2028",
            "\ud800",
        ),
        *("kind", "below", "99.9%", "1e3", ".inf", "null", "~", "0x1", "4h", "EUR", "outcomes:", "measure:", "é"),
    ]
)
texts = st.lists(pieces | st.text(max_size=5), max_size=40).map("".join)


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


class TestReadingAnAgreement:
    def test_gives_the_agreement_its_text_and_its_digest(self) -> None:
        document = read(GOOD)
        assert document.agreement is not None
        assert document.agreement.title == "The web shop of Acme"
        assert (document.text, document.digest) == (GOOD, hashlib.sha256(GOOD.encode()).hexdigest())

    def test_reads_bytes_as_utf_8(self) -> None:
        text = GOOD.replace("Acme", "Jürgens")
        assert read(text.encode()) == read(text)

    def test_says_where_bytes_are_not_utf_8(self) -> None:
        document = read(b"title: a\nagreement: \xfc\n", "x.yaml")
        assert [str(finding) for finding in document.findings] == [
            "x.yaml:2:12: MG102 error: here stands a byte that is not UTF-8 (save the file as UTF-8)"
        ]
        assert (document.agreement, document.text) == (None, "title: a\nagreement: \ufffd\n")

    def test_gives_no_agreement_with_an_error(self) -> None:
        document = read(completed("minimum_credit: {more_than: 1.00 USD}\n"))
        assert (document.agreement, codes(document)) == (None, ["MG360"])

    def test_gives_the_agreement_with_warnings_and_notes(self) -> None:
        document = read(completed("term: {from: 2026-01-01, months: 60, timezone: Europe/Berlin}\n"))
        assert document.agreement is not None
        assert [finding.severity for finding in document.findings] == [Severity.NOTE]

    def test_knows_which_terms_were_written(self) -> None:
        agreement = read(GOOD).agreement
        assert agreement is not None
        assert "outcomes.open.measure.count.ignore_shorter_than" in agreement.written
        assert "outcomes.open.measure.count.granularity" not in agreement.written

    def test_says_everything_at_once_in_the_order_of_the_document(self) -> None:
        document = read(
            "makegood: agreement/1\n"
            "agreement: shop\n"
            "titel: The shop\n"
            "parties: {provider: a, customer: a}\n"
            "term: {from: 2026-01-01, months: 12, timezone: Berlin}\n"
            "money: {currency: EUR, at_risk: {percent: 120%}}\n"
            "services: {shop: {title: Shop, fee: {monthly: 1e3}}, till: {title: Till}}\n"
            "outcomes:\n"
            "  broken: {promise: x, measure: {kind: speed}, target: '>= 1%'}\n"
            "  open:\n"
            "    promise: Open.\n"
            "    measure: {kind: availability, of: shop, on: office}\n"
            "    target: '>= 99%'\n"
            "    stake: {weight: 40%, tiers: [{below: 99%, credit: 50%}, {below: 98%, credit: 10%}]}\n"
        )
        assert [(each.code, each.place and each.place.line) for each in document.findings] == [
            ("MG109", 1),
            ("MG107", 3),
            ("MG211", 4),
            ("MG111", 5),
            ("MG363", 6),
            ("MG113", 7),
            ("MG111", 9),
            ("MG201", 12),
            ("MG333", 14),
        ]

    def test_takes_any_order_of_keys(self) -> None:
        turned = "".join(reversed(GOOD.splitlines(keepends=True)[:6])) + "".join(GOOD.splitlines(keepends=True)[6:])
        assert read(turned).findings == ()

    @pytest.mark.parametrize("name", ["managed-erp.yaml"])
    def test_finds_nothing_in_the_examples(self, name: str) -> None:
        assert read((ROOT / "examples" / name).read_text("utf-8"), name).findings == ()


class TestAnyTextAtAll:
    @given(texts)
    @example('"\\U00110000"')
    @example("%YAML 1." + "9" * 5000)
    @example("a: " + "1" * 500)
    def test_becomes_an_agreement_or_findings(self, text: str) -> None:
        document = read(text)
        assert (document.agreement is None) is any(each.severity is Severity.ERROR for each in document.findings)
        assert list(document.findings) == sorted(document.findings)

    @given(st.binary(max_size=200))
    def test_becomes_findings_as_bytes(self, content: bytes) -> None:
        assert read(content).findings != ()

    @given(st.integers(0, len(GOOD) - 1), pieces)
    def test_is_read_however_a_good_one_is_damaged(self, at: int, piece: str) -> None:
        for text in (GOOD[:at] + piece + GOOD[at:], GOOD[:at] + GOOD[at + len(piece) :], GOOD[:at]):
            document = read(text)
            assert all(finding.place is not None for finding in document.findings)
