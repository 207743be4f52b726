from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from makegood.platform.tenancy.viewer import Role
from makegood.platform.web.parts import glossary
from makegood.platform.web.parts.glossary import explained, terms
from tests.platform.people import NOW, house, person
from tests.platform.signing_in import sign_in
from tests.platform.test_board import shop

TEMPLATES = Path(glossary.__file__).parent / "templates"
USED = {
    (word, file.name)
    for file in TEMPLATES.rglob("*.html")
    for word in re.findall(r'{% term "([^"]+)" %}', file.read_text("utf-8"))
}


class TestTheGlossary:
    def test_has_each_word_that_a_page_explains(self) -> None:
        known = {each.word.casefold() for each in terms()}
        assert {(word, file) for word, file in USED if word.casefold() not in known} == set()

    def test_explains_the_words_that_people_ask_about(self) -> None:
        wanted = {"ruling", "coverage", "burn", "amount at risk", "service credit", "exclusion", "corrective action"}
        assert wanted <= {word for word, _file in USED}

    def test_is_read_without_the_signs_of_its_source(self) -> None:
        ruling = explained("Ruling")
        assert (ruling.word, ruling.text, ruling.anchor) == (
            "Ruling",
            "What a verdict says: MET, MISSED or UNDECIDED.",
            "ruling",
        )

    def test_leads_from_a_word_to_the_one_it_refers_to(self) -> None:
        assert explained("credit").word == "Service credit"

    def test_does_not_know_every_word(self) -> None:
        with pytest.raises(KeyError):
            explained("synergy")

    @pytest.mark.django_db
    def test_has_a_page_for_everybody(self, client: Client) -> None:
        house()
        shown = client.get("/glossary/").content.decode()
        assert '<dt id="service-credit">Service credit</dt>' in shown
        assert shown.count("<dt id=") == len(terms())


@pytest.mark.django_db(transaction=True)
class TestAWordOnAPage:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_is_explained_where_it_stands(self, scripts: bool, page: Page, settings: object) -> None:
        settings.DAYS_SHIFTED = (NOW - datetime.now(UTC)).days  # type: ignore[attr-defined]
        shop(1)
        sign_in(page, person("Asking Owner", house(), Role.OWNER))
        home = page.url.partition("/console")[0]
        browser = page.context.browser
        assert browser is not None
        context = browser.new_context(java_script_enabled=scripts, storage_state=page.context.storage_state())
        opened = context.new_page()
        opened.goto(f"{home}/console/")
        explanation = opened.get_by_text("How much of what may go wrong in a period has gone wrong")
        expect(explanation).to_be_hidden()
        opened.get_by_role("button", name="What does “Burn” mean?").click()
        expect(explanation).to_be_visible()
        explanation.get_by_role("link", name="All words").click()
        expect(opened.locator("#burn")).to_be_in_viewport()
        context.close()
