import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from makegood.cli.report.drawings import drawings
from makegood.cli.report.html import charts_of, html
from makegood.cli.report.report import report
from makegood.engine.review.review import Review, review
from tests.cli.report.sample import ORIGIN, TAG, TYPST, hostile
from tests.engine.review.sample import AGREEMENT, year

EMPTY = {"meta", "img", "br", "hr", "input", "link"}
LANDMARKS = ("header", "nav", "main", "footer")


class Page(HTMLParser):
    """A page as a parser sees it: elements with their attributes, texts, and whether tags close as they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.path: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.path.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def written(review: Review) -> str:
    content = report(review, ORIGIN)
    return html(content, drawings(review, charts_of(content)))


@pytest.fixture(scope="module")
def text() -> str:
    return written(year())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


class TestThePage:
    def test_closes_what_it_opens(self, page: Page) -> None:
        assert page.path == []

    def test_asks_nothing_of_anyone(self, text: str, page: Page) -> None:
        assert set(re.findall(r"https?://[^\"'\s<)]*", text)) == {"http://www.w3.org/2000/svg"}
        assert page.all("script", "link", "img", "iframe", "object", "form", "base") == []
        assert re.findall(r"@import|url\((?!#)|src=|\son[a-z]+=", text) == []
        assert {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
        } in (page.all("meta"))

    def test_has_its_landmarks_and_one_title(self, page: Page) -> None:
        counts = Counter(tag for tag, _ in page.elements)
        assert [counts[tag] for tag in (*LANDMARKS, "h1", "title")] == [1] * 6
        assert page.all("html") == [{"lang": "en"}]

    def test_skips_no_level_of_heading(self, page: Page) -> None:
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert [(one, other) for one, other in pairwise(levels) if other > one + 1] == []

    def test_names_every_table_column_and_row(self, page: Page) -> None:
        counts = Counter(tag for tag, _ in page.elements)
        assert counts["table"] == counts["caption"] == counts["thead"]
        assert {each.get("scope") for each in page.all("th")} == {"col", "row"}

    def test_says_what_every_chart_shows(self, page: Page) -> None:
        charts = page.all("svg")
        assert [(each["role"], bool(each["aria-label"])) for each in charts] == [("img", True)] * 10
        assert Counter(each["class"] for each in charts) == {"wide": 5, "narrow": 5}

    def test_leads_only_to_places_that_exist(self, page: Page) -> None:
        ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
        links = [each["href"] or "" for each in page.all("a")]
        assert [name for name, number in Counter(ids).items() if number > 1] == []
        assert {link.removeprefix("#") for link in links} - set(ids) == set()
        assert {link[0] for link in links} == {"#"}

    def test_never_tells_a_ruling_by_colour_alone(self, text: str) -> None:
        words = re.findall(
            r'<span class="ruling (\w+)"><span class="glyph" aria-hidden="true"></span>(\w+)</span>', text
        )
        assert len(words) == 3 * 36
        assert [each for each in words if each[0] != each[1]] == []

    def test_tells_the_seal_and_how_to_verify(self, page: Page) -> None:
        assert ORIGIN.seal in page.texts
        assert "makegood verify acme-erp-2025.bundle" in page.texts
        assert "makegood explain 2025-02/orders acme-erp.yaml" in page.texts

    def test_tells_where_each_reading_comes_from(self, page: Page) -> None:
        counts = Counter(page.texts)
        assert (counts["house default"], counts["as written"]) == (8 * 13 + 1, 6 * 13)

    def test_is_the_same_each_time(self, text: str) -> None:
        assert written(year()) == text


class TestAPageOfHostileTexts:
    def test_shows_them_as_texts(self) -> None:
        found = Page(written(hostile()))
        assert found.path == []
        assert found.all("script", "img") == []
        assert TAG + TYPST in found.texts

    def test_shows_what_cannot_be_seen(self) -> None:
        text = written(hostile())
        assert "safe\ufffdgnirts\ufffd\ufffd" in text
        assert re.findall("[\x00\x07\u202e]", text) == []


class TestAPageWithoutAnything:
    def test_says_so(self) -> None:
        found = Page(written(review(agreement=AGREEMENT, judgements=[])))
        assert found.path == []
        assert found.texts.count("No period has been judged yet.") == 2
        assert found.all("svg", "article") == []


class TestCharts:
    def test_are_drawn_whatever_others_registered_in_this_process(self) -> None:
        ET.register_namespace("", "http://example.org/of-others")
        assert len(Page(written(year())).all("svg")) == 10
