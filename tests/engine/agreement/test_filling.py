import pytest

from makegood.engine.agreement.filling import UnableToFill, filled, values_of

TEXT = """\
# what it is
title: The shop  # its title
parties: {provider: {id: a, name: 'A & Co'}, customer: b}
services:
  shop: {fee: {monthly: 10.00}}
list: [one, "two, or more"]
long: goes on
  in the next line
folded: >
  more
  lines
broken: "goes on
  here"
empty:
"""


class TestFilling:
    @pytest.mark.parametrize(
        ("_case", "path", "value", "expected"),
        [
            ("at the end of a line with a comment", "title", "Our shop", "title: Our shop  # its title"),
            (
                "in a map in one line",
                "parties.provider.id",
                "acme",
                "{provider: {id: acme, name: 'A & Co'}, customer: b}",
            ),
            ("in quotes", "parties.provider.name", "Acme & Sons", "name: Acme & Sons}"),
            ("with characters that need quotes", "parties.provider.name", 'A: "B"', 'name: "A: \\"B\\""}'),
            ("an umlaut", "title", "Müller", 'title: "Müller"  # its title'),
            ("a number", "services.shop.fee.monthly", "99.50", "{monthly: 99.50}"),
            ("an entry of a list", "list[1]", "two", "list: [one, two]"),
        ],
    )
    def test_changes_one_value_and_nothing_else(self, _case: str, path: str, value: str, expected: str) -> None:
        text = filled(TEXT, {path: value})
        assert expected in text
        assert values_of(text) == values_of(TEXT) | {path: value}
        assert text.count("\n") == TEXT.count("\n")

    def test_changes_several_in_one_line(self) -> None:
        text = filled(
            TEXT, {"parties.customer": "customer", "parties.provider.id": "provider", "parties.provider.name": "P"}
        )
        assert "parties: {provider: {id: provider, name: P}, customer: customer}" in text

    @pytest.mark.parametrize(
        ("_case", "path"),
        [
            ("a key that is not there", "titel"),
            ("a map", "parties"),
            ("nothing", "empty"),
            ("a text over two lines", "long"),
            ("a folded text", "folded"),
            ("a quoted text over two lines", "broken"),
        ],
    )
    def test_refuses_what_is_no_value_in_one_line(self, _case: str, path: str) -> None:
        with pytest.raises(UnableToFill, match=f"no value {path} to fill") as refused:
            filled(TEXT, {path: "x"})
        assert (refused.value.path, refused.value.paths[0]) == (path, "title")

    def test_refuses_a_document_that_cannot_be_read(self) -> None:
        assert values_of("a: [") == {}
        with pytest.raises(UnableToFill):
            filled("a: [", {"a": "b"})
