import pytest

from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, RefusedNode, ScalarNode
from makegood.engine.agreement.places import Places


def composed(text: str) -> Node | None:
    composition = Composition(Places("a.yaml"))
    node = composition.compose(text)
    assert composition.findings == []
    return node


def refused(text: str) -> list[str]:
    composition = Composition(Places("a.yaml"))
    composition.compose(text)
    return [str(finding) for finding in composition.findings]


class TestComposing:
    def test_keeps_every_scalar_as_it_was_typed(self) -> None:
        node = composed("[1.10, 0x1F, no, 2025-01-01, 1e3, 12:30, null, ~, '5']")
        assert isinstance(node, ListNode)
        assert [item.text for item in node.items if isinstance(item, ScalarNode)] == [
            *("1.10", "0x1F", "no", "2025-01-01", "1e3", "12:30", "null", "~", "5"),
        ]

    def test_knows_the_line_and_column_of_everything(self) -> None:
        node = composed("a: 1\nb:\n  - c: 'x'\n")
        assert node == MapNode(
            (
                (ScalarNode("a", (1, 1), plain=True), ScalarNode("1", (1, 4), plain=True)),
                (
                    ScalarNode("b", (2, 1), plain=True),
                    ListNode(
                        (
                            MapNode(
                                ((ScalarNode("c", (3, 5), plain=True), ScalarNode("x", (3, 8), plain=False)),), (3, 5)
                            ),
                        ),
                        (3, 3),
                    ),
                ),
            ),
            (1, 1),
        )

    def test_shows_both_of_two_equal_keys(self) -> None:
        node = composed("{a: 1, a: 2}")
        assert isinstance(node, MapNode)
        assert [key.text for key, _ in node.pairs] == ["a", "a"]

    @pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff"])
    def test_makes_nothing_of_nothing(self, text: str) -> None:
        node = composed(text)
        assert isinstance(node, ScalarNode)
        assert node.is_nothing

    def test_reads_json(self) -> None:
        node = composed('{"a": [true, null]}')
        assert isinstance(node, MapNode)
        assert node.pairs[0][0].text == "a"

    def test_tells_a_quoted_null_from_nothing(self) -> None:
        node = composed("['null', null]")
        assert isinstance(node, ListNode)
        assert [isinstance(item, ScalarNode) and item.is_nothing for item in node.items] == [False, True]


class TestRefusing:
    @pytest.mark.parametrize(
        ("_case", "text", "found"),
        [
            (
                "an alias",
                "a: &x 1\nb: *x",
                ["a.yaml:1:4: MG106 error: the anchor &x", "a.yaml:2:4: MG106 error: the alias *x"],
            ),
            ("a tag", "a: !!python/name 1", ["a.yaml:1:4: MG106 error: the tag !!python/name"]),
            ("an anchored list", "a: &x [1]", ["a.yaml:1:4: MG106 error: the anchor &x"]),
        ],
    )
    def test_names_reference_syntax(self, _case: str, text: str, found: list[str]) -> None:
        assert refused(text) == [f"{each} is refused (write out what is meant)" for each in found]

    def test_leaves_a_hole_where_an_alias_stood(self) -> None:
        composition = Composition(Places("a.yaml"))
        assert composition.compose("[*x]") == ListNode((RefusedNode((1, 2)),), (1, 1))

    def test_is_not_taken_in_by_a_billion_laughs(self) -> None:
        laughs = "a: &a [x, x]\n" + "".join(
            f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
        )
        assert len(refused(laughs)) == 9 + 16

    @pytest.mark.parametrize(
        ("_case", "text", "place"),
        [
            ("a bell", "a: b\nc: \x07", "2:4"),
            ("a line separator", "a: \u2028", "1:4"),
            ("a next line", "a: \x85", "1:4"),
            ("a turn of the direction of reading", "a: \u202e", "1:4"),
            ("an escaped zero", '["ok", "\\0"]', "1:8"),
            ("half a character", "a: \ud800", "1:4"),
            ("a second byte order mark", "\ufeff\ufeffa: b", "1:2"),
            ("after a carriage return", "a: b\rc: \x07", "2:4"),
        ],
    )
    def test_finds_what_is_no_text(self, _case: str, text: str, place: str) -> None:
        (found,) = refused(text)
        assert found.startswith(f"a.yaml:{place}: MG102 error: the character U+")

    @pytest.mark.parametrize(
        ("_case", "text", "place"),
        [
            ("an open bracket", "a: [1\n", "2:1"),
            ("an open quote", "a: 'x\n", "2:1"),
            ("a tab for indentation", "a:\n\t- b", "2:1"),
            ("a number of a version that is too long", f"%YAML 1.{'9' * 5000}\n", "1:1"),
            ("an impossible character", '"\\U00110000"', "1:1"),
            ("an unknown escape", '"\\y"', "1:3"),
        ],
    )
    def test_finds_what_is_not_yaml(self, _case: str, text: str, place: str) -> None:
        (found,) = refused(text)
        assert found.startswith(f"a.yaml:{place}: MG101 error: this is not YAML: ")

    @pytest.mark.parametrize(
        ("_case", "text", "hint"),
        [
            ("a target", "a: >= 99.9%", 'put a text that begins with > or | into quotes, as in ">= 99.9%"'),
            ("a sentence", "a: Note: b", "put a text with a colon into quotes; check the indentation"),
            ("a tab", "a:\n\tb: c", "indent with spaces, not with tabs"),
            ("a sign", "a: %", "put a text that begins with % into quotes"),
            ("a quote", "a: 'b", "check quotes, brackets and indentation"),
        ],
    )
    def test_says_what_to_do_when_it_is_not_yaml(self, _case: str, text: str, hint: str) -> None:
        (found,) = refused(text)
        assert found.endswith(f"({hint})")

    def test_says_where_that_began_which_has_no_end(self) -> None:
        (found,) = refused("a: {b: c\nd: e\n")
        assert found.startswith(
            "a.yaml:2:2: MG101 error: this is not YAML: while parsing a flow mapping (begun in line 1)"
        )

    def test_refuses_keys_that_are_no_words(self) -> None:
        assert refused("{[a]: b, *x : c}") == [
            "a.yaml:1:2: MG110 error: a key is a single word, not a list or a map",
            "a.yaml:1:10: MG106 error: the alias *x is refused (write out what is meant)",
        ]

    def test_refuses_a_second_document_but_not_an_end(self) -> None:
        assert refused("a: b\n...\n") == []
        assert refused("a: b\n--- c\n") == [
            "a.yaml:2:1: MG105 error: a second document begins here (put it into a file of its own)"
        ]

    def test_goes_as_deep_as_32_levels(self) -> None:
        assert refused("[" * 32 + "]" * 32) == []
        assert len(refused("[" * 33 + "]" * 33)) == 1

    @pytest.mark.parametrize("text", ["? " * 33, "? [" * 17, "{[" * 1000, "? " * 100_000])
    def test_counts_the_levels_inside_keys_too(self, text: str) -> None:
        (found,) = refused(text)
        assert ": MG104 error: lists and maps are nested more than 32 levels deep here" in found

    def test_takes_no_key_that_fills_pages(self) -> None:
        assert refused(f"? {'k' * 200}\n: 1\n") == []
        assert refused(f"? {'k' * 201}\n: {{a: *x}}\n") == [
            "a.yaml:2:7: MG106 error: the alias *x is refused (write out what is meant)",
            "a.yaml:1:3: MG110 error: a key has 201 characters, 200 are the most",
        ]

    def test_stops_after_a_thousand_refusals(self) -> None:
        assert len(refused("[" + "*x, " * 1200 + "]")) == 1000

    def test_takes_a_million_characters(self) -> None:
        assert refused("#" * 1_000_000) == []
        assert len(refused("#" * 1_000_001)) == 1


class TestComposingAllOfAFile:
    def test_returns_its_documents_in_their_order(self) -> None:
        composition = Composition(Places("a.yaml"))
        nodes = composition.compose_all("---\na\n---\n[b]\n---\n")
        assert nodes is not None
        assert [type(node) for node in nodes] == [ScalarNode, ListNode, ScalarNode]
        assert [node.mark for node in nodes] == [(2, 1), (4, 1), (6, 1)]
        assert composition.findings == []

    def test_makes_nothing_of_nothing(self) -> None:
        assert Composition(Places("a.yaml")).compose_all("") == (ScalarNode("", (1, 1), plain=True),)

    def test_stops_at_what_cannot_be_read(self) -> None:
        composition = Composition(Places("a.yaml"))
        assert composition.compose_all("a\n---\n'b") is None
        assert [finding.code for finding in composition.findings] == ["MG101"]
