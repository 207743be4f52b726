import pytest

from makegood.engine.agreement.shapes import LEVEL, Share
from makegood.engine.agreement.stakes import Tier
from makegood.engine.agreement.terms import Organisation
from makegood.engine.vocabulary.ratio import Ratio


class TestATier:
    def test_has_one_bound(self) -> None:
        bound, credit = LEVEL.read("99%"), Share(Ratio(1, 10))
        assert Tier(below=bound, credit=credit).bound == bound
        assert Tier(above=bound, credit=credit).bound == bound

    def test_without_a_bound_has_none_to_tell(self) -> None:
        with pytest.raises(ValueError, match="a tier without a bound"):
            _ = Tier(credit=Share(Ratio(1, 10))).bound


class TestAnOrganisation:
    def test_is_shown_by_its_name_or_else_its_identifier(self) -> None:
        assert Organisation(id="acme", name="Acme AG").shown == "Acme AG"
        assert Organisation(id="acme").shown == "acme"
