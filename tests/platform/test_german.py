from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.test import Client

from makegood import platform
from makegood.platform.tenancy.viewer import Role
from tests.platform.people import house, organisation, person

HOUSE = Path(platform.__file__).parent
TEXTS = HOUSE / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
WORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
SAID = re.compile(r"""\{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")


def german() -> dict[str, list[tuple[str, str]]]:
    """Return, by the English text, the pairs of texts and their translations: two of them where there is a plural."""
    with TEXTS.open("rb") as file:
        found = [(_texts(each.id), _texts(each.string)) for each in read_po(file, locale="de") if each.id]
    return {ids[0]: list(zip(ids, strings, strict=True)) for ids, strings in found}


def _texts(said: object) -> list[str]:
    return [said] if isinstance(said, str) else [str(each) for each in said]  # type: ignore[attr-defined]


class TestGerman:
    def test_says_all_that_templates_say(self) -> None:
        said = {one or other for file in HOUSE.rglob("*.html") for one, other in SAID.findall(file.read_text("utf-8"))}
        assert sorted(said - german().keys()) == []

    def test_says_all_that_code_says(self) -> None:
        keywords = dict.fromkeys(WORDS) | {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
        found = extract_from_dir(HOUSE, method_map=[("**.py", "python")], keywords=keywords)
        said = {each[2] if isinstance(each[2], str) else each[2][0] for each in found}
        assert sorted(said - german().keys()) == []

    def test_leaves_nothing_out_and_keeps_every_place(self) -> None:
        wrong = [
            text
            for pairs in german().values()
            for text, translated in pairs
            if not translated or (len(pairs) == 1 and {*PLACE.findall(text)} != {*PLACE.findall(translated)})
        ]
        assert wrong == []

    @pytest.mark.django_db
    def test_is_what_a_person_reads_who_chose_it(self, client: Client) -> None:
        house()
        ada = person("Ada", organisation("acme"), Role.SPONSOR)
        client.force_login(ada)
        assert "This month's outcomes" in client.get("/portal/").content.decode()
        client.post("/language", {"language": "de", "next": "/portal/"})
        page = client.get("/portal/").content.decode()
        assert '<html lang="de">' in page
        assert "Ergebnisse" in page
        assert "outcomes" not in page
