"""What is remembered from period to period, as the command line tells it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.door import AGREEMENT, DOWN, makegood, opened_shop

RULES = """\
sequences:
  exit: {kind: chronic, missed: 2 consecutive, gives: termination right}
  back: {kind: earn_back, steps: [{after: 1, returns: 100%}]}
"""
FEBRUARY = {
    **DOWN,
    "source_id": "3",
    "start": "2026-02-06T17:00:00+01:00",
    "end": "2026-02-06T19:00:00+01:00",
    "incident": "INC-8",
}


class TestSettle:
    def test_tells_the_right_that_arose_and_books_what_was_earned_back(self, tmp_path: Path) -> None:
        shop = opened_shop(tmp_path)
        shop.agreement.write_text(AGREEMENT + RULES, encoding="utf-8")
        shop.bring(FEBRUARY)
        dry = shop("settle", "--as-of", "2026-05-20", "--dry-run", "--json").json["statements"]
        assert [[right["gives"] for right in each["rights"]] for each in dry] == [[], [], ["termination right"], []]
        answer = shop("settle", "--as-of", "2026-05-20")
        said = " ".join(answer.out.split())
        assert (
            "The customer has this right now: termination right (till-availability was missed in 2026-02, 2026-03: 2"
            " consecutive periods)"
        ) in said
        assert "2026-04/back" in said
        assert "-60.00 EUR" in said

    def test_tells_a_right_that_arises_in_a_closed_month_by_late_evidence(self, tmp_path: Path) -> None:
        shop = opened_shop(tmp_path)
        free = AGREEMENT.replace("credit: 5%", "credit: 0.00 EUR").replace("credit: 25%", "credit: 0.00 EUR")
        shop.agreement.write_text(free + RULES.split("  back:", maxsplit=1)[0], encoding="utf-8")
        first = shop("settle", "--as-of", "2026-04-20", "--json").json["statements"]
        assert [each["rights"] for each in first] == [[], [], []]
        shop.bring(FEBRUARY)
        again = shop("settle", "--as-of", "2026-04-20", "--json").json["statements"]
        assert [(each["in_period"], each["closes"], each["postings"]) for each in again] == [("2026-04", False, [])]
        assert [right["gives"] for right in again[0]["rights"]] == ["termination right"]
        assert shop("settle", "--as-of", "2026-04-20", "--json").json["statements"] == []
        bundle = shop.folder / "till.bundle"
        shop("bundle", "--to", bundle)
        assert makegood("verify", bundle).code == 0

    def test_tells_it_with_the_month_that_closes(self, tmp_path: Path) -> None:
        shop = opened_shop(tmp_path)
        shop.agreement.write_text(AGREEMENT + RULES, encoding="utf-8")
        shop("settle", "--as-of", "2026-04-20")
        shop.bring(FEBRUARY)
        (april,) = shop("settle", "--as-of", "2026-05-20", "--json").json["statements"]
        assert (april["in_period"], [right["gives"] for right in april["rights"]]) == ("2026-04", ["termination right"])

    def test_is_explained_and_verified(self, tmp_path: Path) -> None:
        shop = opened_shop(tmp_path)
        shop.agreement.write_text(AGREEMENT + RULES, encoding="utf-8")
        shop("settle", "--as-of", "2026-04-20")
        shop("settle", "--as-of", "2026-05-20")
        answer = makegood("explain", "2026-04/back", shop.agreement, "--vault", shop.vault)
        assert "till-availability earns back" in " ".join(answer.out.split())
        bundle = shop.folder / "till.bundle"
        shop("bundle", "--to", bundle)
        assert makegood("verify", bundle).code == 0
