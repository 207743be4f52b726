import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.document import read
from makegood.engine.agreement.exchange.codes import EXCHANGE_CODES
from makegood.engine.agreement.exchange.draft import Frame
from makegood.engine.agreement.exchange.entry import quoted
from makegood.engine.agreement.exchange.imports import imported
from makegood.engine.vocabulary.period import Every
from tests.engine.agreement.exchange.drafting import FRAME, agreed, codes_of, drafted, text_of, told

EVENTS = "sli: {events: {error_query: e, total_query: t}}"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=100)


def sloth(*names: str, service: str = "shop", more: str = "") -> str:
    slos = ", ".join(f"{{name: {quoted(name)}, objective: 99.9, {EVENTS}{more}}}" for name in names)
    return f"{{version: prometheus/v1, service: {quoted(service)}, slos: [{slos}]}}"


def pyrra(name: str, window: str) -> str:
    spec = f"target: '99', window: {window}, indicator: {{ratio: {{errors: {{metric: e}}, total: {{metric: t}}}}}}"
    return f"{{apiVersion: pyrra.dev/v1alpha1, kind: ServiceLevelObjective, metadata: {{name: {name}}}, spec: {{{spec}}}}}\n"


class TestTheCodes:
    def test_stand_once_and_in_order(self) -> None:
        assert [code.code for code in EXCHANGE_CODES] == sorted({code.code for code in EXCHANGE_CODES})

    def test_say_what_they_mean_and_how_to_mend_it(self) -> None:
        assert [
            code.code for code in EXCHANGE_CODES if not (code.meaning.endswith(".") and code.remedy.endswith("."))
        ] == []


class TestAnImport:
    def test_takes_all_formats_together_in_the_order_of_the_files(self) -> None:
        result = drafted(text_of("pyrra.yaml"), text_of("openslo.yaml"), text_of("sloth-kubernetes.yaml"))
        agreement = agreed(result)
        assert (result.objectives, [*agreement.outcomes][::4]) == (
            10,
            ["api-errors", "shop-answers-Agreed", "fast-searches"],
        )
        assert [*agreement.services] == ["shop", "monitoring", "web-shop", "search"]

    def test_gives_the_same_draft_for_the_same_files(self) -> None:
        assert drafted(text_of("openslo.yaml")) == drafted(text_of("openslo.yaml"))

    def test_takes_lists_of_objects(self) -> None:
        a, b = pyrra("a", "4w").strip(), pyrra("b", "4w").strip()
        listed = f"[{a}, {b}]", f"{{apiVersion: v1, kind: List, items: [{a}, {b}]}}", f"---\n---\n{a}\n---\n{b}\n---\n"
        assert [[*agreed(drafted(text)).outcomes] for text in listed] == [["a", "b"]] * 3

    @pytest.mark.parametrize(
        ("text", "finding"),
        [
            (
                "kind: SLO",
                "a.yaml:1:1: MG600 error: this is no document of objectives: no version, SLO (OpenSLO v1, sloth and Pyrra can be imported)",
            ),
            (
                "{apiVersion: openslo/v1alpha, kind: SLO}",
                "a.yaml:1:1: MG600 error: this is no document of objectives: openslo/v1alpha, SLO (OpenSLO v1, sloth and Pyrra can be imported)",
            ),
            (
                "version: prometheus/v2",
                "a.yaml:1:1: MG600 error: this is no document of objectives: prometheus/v2, no kind (OpenSLO v1, sloth and Pyrra can be imported)",
            ),
            (
                "{apiVersion: v1, kind: SLOList, items: 1}",
                "a.yaml:1:1: MG600 error: this is no document of objectives: v1, SLOList (OpenSLO v1, sloth and Pyrra can be imported)",
            ),
            (
                "{apiVersion: v1, kind: [List], items: []}",
                "a.yaml:1:18: MG602 error: kind is a list or a map; a single value is wanted",
            ),
            ("word", "a.yaml:1:1: MG602 error: the document is no map (write its keys below it)"),
            ("[word]", "a.yaml:1:2: MG602 error: items[0] is no map (write its keys below it)"),
            (
                "{apiVersion: openslo/v1, kind: Service}",
                "a.yaml:1:1: MG601 error: the document has no metadata (write it)",
            ),
            (
                "{apiVersion: openslo/v1, kind: Slo}",
                "a.yaml:1:1: MG600 error: this is no document of objectives: openslo/v1, Slo (OpenSLO v1, sloth and Pyrra can be imported)",
            ),
            (
                "a: 'b",
                "a.yaml:1:6: MG101 error: this is not YAML: while scanning a quoted scalar found unexpected end of stream (check quotes, brackets and indentation)",
            ),
            ("a: \x07", "a.yaml:1:4: MG102 error: the character U+0007 has no place in a document (delete it)"),
        ],
    )
    def test_refuses_what_holds_no_objective(self, text: str, finding: str) -> None:
        found = told(drafted(text))
        assert found == [
            finding,
            "MG606 error: there is no objective",
        ]

    def test_refuses_a_document_that_unfolds_into_a_huge_one(self) -> None:
        lines = [
            "version: &a prometheus/v1",
            *(f"{chr(99 + n)}: &{chr(99 + n)} [*{chr(98 + n)}, *{chr(98 + n)}]" for n in range(20)),
        ]
        assert set(codes_of(drafted("\n".join(lines)))) == {"MG106", "MG606"}

    def test_refuses_a_file_that_is_larger_than_a_document(self) -> None:
        assert codes_of(drafted("a: " + "x" * form_codes.LARGEST_DOCUMENT)) == ["MG103", "MG606"]

    def test_refuses_a_draft_that_is_larger_than_a_document(self) -> None:
        description = f", description: {'x' * 1900}"
        result = drafted(*(sloth(*(f"{file}{n}" for n in range(180)), more=description) for file in "abc"))
        assert (result.text, result.objectives) == (None, 540)
        assert re.fullmatch(
            r"MG607 error: the draft has 1,\d\d\d,\d\d\d characters, 1,000,000 are the most \(import the files one by one\)",
            told(result)[-1],
        )

    def test_tells_of_a_key_that_stands_twice(self) -> None:
        result = drafted(sloth("open").replace("service:", "service: shop, service:"))
        assert (
            told(result)[1]
            == "a.yaml:1:41: MG108 error: service stands here twice; the first one is used (delete one of the two)"
        )

    def test_goes_on_with_the_other_files(self) -> None:
        result = drafted("a: 'b", sloth("open"))
        assert [*agreed(result).outcomes] == ["shop-open"]
        assert codes_of(result) == ["MG101", "MG613"]

    def test_shows_names_of_files_that_cannot_be_shown_with_a_mark(self) -> None:
        result = imported({"a\nb.yaml": sloth("open")}, FRAME)
        assert "    # From a?b.yaml, sloth SLO shop/open." in (result.text or "")


class TestADraft:
    def test_is_an_agreement_without_errors(self) -> None:
        text = drafted(text_of("pyrra.yaml"), text_of("openslo.yaml"), text_of("sloth.yaml")).text
        assert text is not None
        assert read(text).findings == ()

    def test_begins_with_what_could_not_be_carried_over_as_it_was(self) -> None:
        head = (drafted(pyrra("a", "4w")).text or "").splitlines()[:6]
        assert head == [
            "# Drafted from objectives of other tools. Names of the parties, term and currency are placeholders:",
            "# write what is true, add fees and stakes, and delete what was not meant to be promised.",
            "#",
            "# What could not be carried over as it was:",
            "#   a.yaml:1:105: MG610 warning: the rolling window of 4w becomes a month of the calendar (check that it is what both parties want)",
            "makegood: agreement/1",
        ]

    def test_says_what_objectives_do_not(self) -> None:
        frame = Frame(
            start=date(2027, 4, 1),
            months=24,
            agreement="acme-shop",
            provider="northwind",
            customer="acme",
            currency="CHF",
            zone="Europe/Zurich",
            every=Every.QUARTER,
        )
        result = drafted(pyrra("a", "4w"), frame=frame)
        agreement = agreed(result)
        term, parties = agreement.term, agreement.parties
        assert (agreement.agreement, parties.provider.id, parties.customer.id) == ("acme-shop", "northwind", "acme")
        assert (term.from_, term.months, term.timezone, term.period.every) == (
            date(2027, 4, 1),
            24,
            "Europe/Zurich",
            Every.QUARTER,
        )
        assert agreement.money.currency == "CHF"
        assert codes_of(result) == ["MG612", "MG610"]

    def test_that_would_have_errors_is_none(self) -> None:
        result = drafted(
            sloth("open"), frame=Frame(start=date(2026, 1, 1), zone="Moon/Base", provider="a", customer="a")
        )
        assert result.text is None
        assert [line.split(":")[0] for line in told(result)] == ["a.yaml", "the draft", "the draft"]

    def test_has_the_period_of_most_objectives_and_tells_of_the_others(self) -> None:
        result = drafted(pyrra("a", "1w"), pyrra("b", "4w"), pyrra("c", "30d"))
        assert agreed(result).term.period.every is Every.MONTH
        assert [line for line in told(result) if "MG612" in line] == [
            "a.yaml:1:90: MG612 warning: its period would be a week; the draft has a month in UTC (import it into an agreement of its own if it matters)"
        ]

    def test_has_five_headlines_or_none(self) -> None:
        five, six = (agreed(drafted(sloth(*"abcdef"[:number]))).outcomes for number in (5, 6))
        assert {each.headline for each in five.values()} == {True}
        assert {each.headline for each in six.values()} == {False}

    def test_gives_every_objective_a_name_of_its_own(self) -> None:
        result = drafted(sloth("a b", "a-b", "a/b", "…"))
        assert [*agreed(result).outcomes] == ["shop-a-b", "shop-a-b-2", "shop-a-b-3", "shop"]
        assert codes_of(result).count("MG623") == 8

    def test_gives_every_service_a_name_of_its_own(self) -> None:
        result = drafted(sloth("a", service="Web Shop"), sloth("b", service="Web/Shop"))
        assert {name: each.title for name, each in agreed(result).services.items()} == {
            "Web-Shop": "Web Shop",
            "Web-Shop-2": "Web/Shop",
        }
        assert 'MG623 note: the service "Web/Shop" is called Web-Shop-2' in told(result)[-1]

    @pytest.mark.parametrize("name", ["null", "true", "007", "a:", "1e3", "-", "on"])
    def test_is_read_back_whatever_a_service_is_called(self, name: str) -> None:
        assert [each.title for each in agreed(drafted(sloth("a", service=name))).services.values()] == [name]

    def test_cuts_what_is_too_long_and_says_so(self) -> None:
        result = drafted(sloth("a", service="s" * 200, more=f", description: {'d' * 2500}"))
        agreement = agreed(result)
        assert [len(each.promise) for each in agreement.outcomes.values()] == [2000]
        assert [len(each.title) for each in agreement.services.values()] == [160]
        assert codes_of(result).count("MG626") == 2

    @settings(max_examples=40)
    @given(WORDS.filter(str.strip), WORDS, WORDS)
    def test_is_an_agreement_whatever_the_words(self, name: str, service: str, description: str) -> None:
        text = sloth(name, service=f"s{service}", more=f", description: {quoted(description)}")
        result = drafted(text)
        assert (result.objectives, len(agreed(result).outcomes)) == (1, 1)

    @settings(max_examples=40)
    @given(st.integers(0, 10**6))
    def test_keeps_a_target_exactly(self, millionths: int) -> None:
        text = sloth("open").replace("99.9", f"{millionths // 10**4}.{millionths % 10**4:04}")
        if millionths:
            assert agreed(drafted(text)).outcomes["shop-open"].target.level.value * 10**6 == millionths
        else:
            assert drafted(text).text is None


class TestAnyChangeOfAFile:
    """A file may be damaged or half-written: then there are findings, and never an error of ours."""

    @settings(max_examples=120)
    @given(
        st.sampled_from(["openslo.yaml", "sloth.yaml", "sloth-kubernetes.yaml", "pyrra.yaml"]),
        st.lists(
            st.tuples(
                st.integers(0, 150),
                st.sampled_from(
                    [
                        "",
                        "[]",
                        "{}",
                        "null",
                        "- 1",
                        "-1",
                        "0",
                        "1e9",
                        "true",
                        "1M",
                        "[a, [b]]",
                        "{a: {b: c}}",
                        "'",
                        "gone",
                    ]
                ),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def test_leads_to_findings_or_to_a_draft_that_is_an_agreement(
        self, name: str, changes: list[tuple[int, str]]
    ) -> None:
        lines = text_of(name).splitlines()
        for number, value in changes:
            at = number % len(lines)
            key, colon, _ = lines[at].partition(": ")
            lines[at] = "" if value == "gone" else f"{key}: {value}" if colon else f"{lines[at]} {value}"
        result = drafted("\n".join(lines))
        if result.text is None:
            assert "MG606" in codes_of(result)
        else:
            assert len(agreed(result).outcomes) == result.objectives
