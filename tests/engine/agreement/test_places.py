from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.places import Path, Places, dotted
from makegood.engine.vocabulary.finding import Place

PLACES = Places(
    "a.yaml",
    keys={("a",): (1, 1), ("a", "b"): (2, 3)},
    values={(): (1, 1), ("a",): (2, 3), ("a", "b"): (2, 6)},
)
paths = st.lists(st.text(max_size=4) | st.integers(0, 20), max_size=4).map(tuple)


class TestPlaces:
    def test_know_where_a_value_stands(self) -> None:
        assert PLACES.of("a", "b") == Place("a.yaml", 2, 6, "a.b")

    def test_know_where_its_key_stands(self) -> None:
        assert PLACES.key("a", "b") == Place("a.yaml", 2, 3, "a.b")

    def test_know_where_what_was_not_written_would_belong(self) -> None:
        assert PLACES.of("a", "c") == Place("a.yaml", 1, 1, "a.c")
        assert PLACES.of("d", "e") == Place("a.yaml", 1, 1, "d.e")
        assert PLACES.key("a", "c") == Place("a.yaml", 1, 1, "a.c")

    def test_know_nothing_before_anything_was_read(self) -> None:
        assert Places("a.yaml").of("a") == Place("a.yaml", 1, 1, "a")

    def test_tell_what_was_written(self) -> None:
        assert PLACES.written == {"", "a", "a.b"}
        assert ("a", "b") in PLACES
        assert ("a", "c") not in PLACES


class TestADottedPath:
    @given(paths, paths)
    def test_never_looks_like_another(self, one: Path, other: Path) -> None:
        assert (dotted(one) == dotted(other)) is (one == other)
