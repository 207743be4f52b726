import pytest

from makegood.engine.vocabulary.party import Party


class TestAParty:
    def test_is_shown_by_name_if_it_has_one(self) -> None:
        assert (Party("acme", "Acme Ltd").shown, Party("acme").shown) == ("Acme Ltd", "acme")

    @pytest.mark.parametrize("text", ["", "  "])
    def test_needs_an_id(self, text: str) -> None:
        with pytest.raises(ValueError, match="a party needs an id"):
            Party(text)
