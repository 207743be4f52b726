from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import Page, expect

from makegood import platform
from makegood.platform.tenancy.viewer import Role
from makegood.platform.web.parts import glossary
from makegood.platform.web.parts.glossary import explained, terms
from tests.platform.people import NOW, days_to, house, person
from tests.platform.signing_in import sign_in
from tests.platform.test_board import shop

GERMAN = Path(platform.__file__).with_name("locale") / "de" / "glossary.md"
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


class TestTheGlossaryInGerman:
    def test_has_each_english_entry_once_and_in_the_same_order(self) -> None:
        paragraphs = [each for each in GERMAN.read_text("utf-8").split("\n\n") if each.startswith("**")]
        words = [re.match(r"\*\*(.+?) = .+?\.\*\* \S", each) for each in paragraphs]
        assert [each and each[1] for each in words] == [each.word for each in terms()]

    def test_has_no_two_entries_of_one_name(self) -> None:
        with translation.override("de"):
            names = [each.name for each in terms()]
        assert len(set(names)) == len(names)

    def test_has_a_word_and_a_meaning_of_its_own(self) -> None:
        with translation.override("de"):
            ruling = explained("Ruling")
        assert (ruling.name, ruling.text, ruling.anchor) == (
            "Befund",
            "Was ein Urteil sagt: erfüllt, verfehlt oder unentschieden.",
            "ruling",
        )

    def test_repeats_no_english_meaning(self) -> None:
        english = {each.text for each in terms()}
        with translation.override("de"):
            assert [each.word for each in terms() if each.text in english] == []

    def test_leads_from_a_word_to_the_one_it_refers_to(self) -> None:
        leading = {each.word: explained(each.word).word for each in terms() if each.text.startswith("See ")}
        assert leading == {"Credit": "Service credit"}
        with translation.override("de"):
            shown = {each.word: each.text for each in terms() if each.text.startswith("Siehe ")}
            assert shown == {word: f"Siehe {explained(word).name}." for word in leading}
            assert {word: explained(word).word for word in leading} == leading

    def test_does_not_know_every_word(self) -> None:
        with translation.override("de"), pytest.raises(KeyError):
            explained("synergy")

    def test_is_asked_by_the_english_word(self) -> None:
        with translation.override("de"), pytest.raises(KeyError):
            explained("Befund")

    def test_is_sorted_by_its_own_words(self) -> None:
        with translation.override("de"):
            names = [each.name for each in terms()]
        assert names[:4] == ["Abdeckung", "Abhilfemaßnahme", "Abrechnung", "Abschnitt"]
        assert names.index("Ausschluss") < names.index("Äußerste Frist") < names.index("Auswirkung")

    @pytest.mark.django_db
    def test_has_a_page_with_the_addresses_of_the_english_one(self, client: Client) -> None:
        house()
        english = client.get("/glossary/").content.decode()
        german = client.get("/glossary/", headers={"accept-language": "de"}).content.decode()
        assert (
            '<dt id="service-credit">Servicegutschrift</dt><dd>Was der Anbieter für eine Verfehlung schuldet' in german
        )
        anchors = re.compile(r'<dt id="([^"]+)"')
        assert sorted(anchors.findall(german)) == sorted(anchors.findall(english))
        assert "Service credit" not in german

    @pytest.mark.django_db
    def test_explains_a_word_beside_where_it_is_used(self, client: Client, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
        shop(1)
        owner = person("German Owner", house(), Role.OWNER)
        owner.language = "de"
        owner.save()
        client.force_login(owner)
        shown = client.get("/console/").content.decode()
        assert "<strong>Verbrauch.</strong> Wie viel von dem, was in einem Zeitraum schiefgehen darf" in shown
        assert 'href="/glossary/#burn"' in shown
        assert "<strong>Burn.</strong>" not in shown


@pytest.mark.django_db(transaction=True)
class TestAWordOnAPage:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_is_explained_where_it_stands(self, scripts: bool, page: Page, settings: object) -> None:
        settings.DAYS_SHIFTED = days_to(NOW)  # type: ignore[attr-defined]
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
