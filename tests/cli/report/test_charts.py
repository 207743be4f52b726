import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from makegood.cli.report.options import credits_chart, parts_chart, value_chart
from makegood.drawing.assets import CHARTS, AssetMissing, asset
from makegood.drawing.charts import for_screen, svg
from makegood.drawing.palette import MET, MISSED, TOKENS, UNDECIDED
from tests.cli.report.sample import TAG, hostile
from tests.engine.review.sample import year

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - our own drawing


def texts(drawing: str) -> list[str]:
    return [each.text or "" for each in parsed(drawing).iter(f"{SVG}text")]


def drawn(option: dict[str, object], *, narrow: bool = False) -> str:
    return svg(option, width=340 if narrow else 720, height=250, name="chart")


class TestADrawing:
    def test_is_the_same_each_time(self) -> None:
        option = value_chart(year().outcomes[0], narrow=False)
        assert drawn(option) == drawn(option)

    def test_keeps_no_style_sheet_no_hook_and_no_number_of_its_library(self) -> None:
        drawing = drawn(value_chart(year().outcomes[0], narrow=False))
        assert re.findall(r"<style|class=|ecmeta|zr\d|<script|href", drawing) == []

    def test_has_ids_of_its_own(self) -> None:
        drawing = drawn(value_chart(year().outcomes[0], narrow=False))
        ids = re.findall(r'id="([^"]*)"', drawing)
        assert set(re.findall(r"url\(#([^)]*)\)", drawing)) == set(ids)
        assert {each.startswith("chart-") for each in ids} == {True}

    def test_uses_the_palette_only(self) -> None:
        drawing = drawn(value_chart(year().outcomes[1], narrow=False)) + drawn(credits_chart(year(), narrow=False))
        used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', drawing)) - {"#000"}  # clip paths are never painted
        assert used - {token.light for token in TOKENS} == set()

    def test_of_hostile_texts_is_only_text(self) -> None:
        drawing = drawn(parts_chart(hostile().outcomes[0], narrow=False))
        assert {element.tag.removeprefix(SVG) for element in parsed(drawing).iter()} <= {
            "svg", "rect", "path", "text", "g", "defs", "clipPath",
        }  # fmt: skip
        assert f"{TAG[:27]}…" in texts(drawing)


class TestADrawingForTheScreen:
    def test_takes_colours_and_typeface_from_the_page(self) -> None:
        page = for_screen(drawn(value_chart(year().outcomes[1], narrow=False)), label="a & b", kind="wide")
        assert re.findall(r'(?:fill|stroke)="#[^"]*"', page.replace('fill="#000"', "")) == []
        assert {f'fill="var(--{token.name})"' in page for token in (MET, MISSED)} == {True}
        assert f'stroke="var(--{UNDECIDED.name})"' in page
        assert "font-family" not in page

    def test_says_what_it_shows(self) -> None:
        root = parsed(for_screen(drawn(credits_chart(year(), narrow=True), narrow=True), label="a & b", kind="narrow"))
        assert {key: root.get(key) for key in ("role", "aria-label", "class", "viewBox", "width")} == {
            "role": "img",
            "aria-label": "a & b",
            "class": "narrow",
            "viewBox": "0 0 340 250",
            "width": None,
        }


class TestTheChartOfValues:
    def test_writes_what_was_missed_what_has_no_value_and_the_target(self) -> None:
        found = texts(drawn(value_chart(year().outcomes[1], narrow=False)))
        written = [each for each in found if each.startswith(("99.13", "99.57", "no", "target", "≥"))]
        assert sorted(written) == ["99.13", "99.57", "no value", "target", "≥\u00a099.9\u00a0%"]

    @pytest.mark.parametrize(
        ("months", "narrow", "shown"),
        [
            (1, False, ["Jan"]),
            (12, False, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
            (12, True, ["Jan", "Mar", "May", "Jul", "Sep", "Nov"]),
            (24, True, ["Jan", "May", "Sep", "Jan", "May", "Sep"]),
        ],
    )
    def test_names_as_many_months_as_there_is_room_for(self, months: int, narrow: bool, shown: list[str]) -> None:
        found = texts(drawn(value_chart(year(months).outcomes[0], narrow=narrow), narrow=narrow))
        assert [each for each in found if re.fullmatch("[A-Z][a-z]{2}", each)] == shown


class TestTheChartOfCredits:
    def test_writes_the_sum_above_each_stack(self) -> None:
        found = texts(drawn(credits_chart(year(), narrow=False)))
        assert [each for each in found if each in {"600", "120", "372"}].count("120") == 2


class TestTheChartOfParts:
    def test_writes_how_much_went_wrong(self) -> None:
        found = texts(drawn(parts_chart(year().outcomes[0], narrow=False)))
        assert found == ["web", "EDI", "telephone", "502 (0.48\u00a0%)", "239 (0.46\u00a0%)", "64 (0.37\u00a0%)"]


class TestAMissingAsset:
    def test_is_said_with_its_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(AssetMissing) as missing:
            asset(CHARTS, tmp_path)
        assert str(missing.value) == f"this cannot be drawn: {CHARTS} is not in {tmp_path}"
