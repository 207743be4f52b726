from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Measurement, Miss, Part, Ruling, Verdict
from makegood.engine.review.causes import Cause, causes
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.review.sample import months, verdict

JANUARY, FEBRUARY = months(2)


def missed(month: int, *, misses: tuple[Miss, ...] = (), parts: tuple[Part, ...] = ()) -> Verdict:
    measured = Measurement(Ratio(1, 2), Unit.SHARE, 1, 2, Reason("value"), misses=misses, parts=parts)
    return verdict("orders", (JANUARY, FEBRUARY)[month - 1], measured)


class TestCauses:
    def test_are_labels_where_there_is_a_breakdown(self) -> None:
        january = missed(1, parts=(Part("web", 90, 100), Part("EDI", 40, 45)), misses=(Miss("a refused order", 15),))
        february = missed(2, parts=(Part("web", 98, 100), Part("telephone", 20, 20)))
        assert causes([january, february]) == (Cause("web", 12, 2), Cause("EDI", 5, 1))

    def test_are_incidents_or_else_the_misses_themselves(self) -> None:
        one = missed(1, misses=(Miss("down at nine", 60, "INC-1"), Miss("down at ten", 40, "INC-1"), Miss("dark", 70)))
        other = missed(2, misses=(Miss("down again", 5, "INC-1"),))
        assert causes([one, other]) == (Cause("INC-1", 105, 2), Cause("dark", 70, 1))

    def test_of_the_same_size_stand_in_order_of_name(self) -> None:
        found = causes([missed(1, misses=(Miss("b", 1), Miss("a", 1)))])
        assert [cause.name for cause in found] == ["a", "b"]

    def test_are_of_missed_verdicts_only(self) -> None:
        measured = Measurement(Ratio(1), Unit.SHARE, 1, 1, Reason("value"), misses=(Miss("down", 1),))
        assert causes([verdict("orders", JANUARY, measured)]) == ()
        assert causes([verdict("orders", JANUARY, measured, ruling=Ruling.UNDECIDED)]) == ()
