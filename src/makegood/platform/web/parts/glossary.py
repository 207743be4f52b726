"""The words of the glossary, on their own page and beside where they are used."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language

from makegood import platform
from makegood.platform.web.doors import open_door

_FILE: Final = "glossary.md"
_TRANSLATED: Final = Path(platform.__file__).with_name("locale")
_ENTRY: Final = re.compile(
    r"^\*\*(?P<word>.+?)(?: = (?P<name>.+?))?\.\*\* (?P<text>.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL
)
_SIGNS: Final = re.compile(r"[*`]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means in one language; ``anchor`` is where it stands on its page in all of them."""

    word: str
    """The English word, by which pages ask for it."""
    name: str
    text: str
    anchor: str


def explained(word: str) -> Term:
    """Return the entry of an English word, or the one that it refers to, in the reader's language.

    :raises KeyError: if the glossary does not have it
    """
    return _by_word(_language())[word.casefold()]


def terms() -> tuple[Term, ...]:
    """Return the glossary in the reader's language, sorted as that language sorts."""
    return _terms(_language())


def _language() -> str:
    return get_language() or "en"


@cache
def _terms(language: str) -> tuple[Term, ...]:
    said = _entries(_english()) | _entries(_TRANSLATED / language / _FILE)
    return tuple(sorted((Term(word, *each, slugify(word)) for word, each in said.items()), key=_place))


def _place(term: Term) -> str:
    """Return what a word is sorted by: Ä beside A, and a hyphen as a space."""
    plain = unicodedata.normalize("NFKD", term.name.casefold().replace("-", " "))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _english() -> Path:
    """Return where the source is: docs/reference/glossary.md, which the package has with it."""
    here = Path(__file__).resolve()
    folders = (here.parents[3], *(parent / "docs" / "reference" for parent in here.parents))
    return next(folder / _FILE for folder in folders if (folder / _FILE).exists())


def _entries(source: Path) -> dict[str, tuple[str, str]]:
    """Return, by the English word, the word and its meaning in the language of a file; none where there is no file."""
    if not source.exists():
        return {}
    return {
        each["word"]: (each["name"] or each["word"], " ".join(_SIGNS.sub("", each["text"]).split()))
        for each in _ENTRY.finditer(source.read_text("utf-8"))
    }


@cache
def _by_word(language: str) -> dict[str, Term]:
    found = {each.word.casefold(): each for each in _terms(language)}
    return {each.word.casefold(): found.get(_referred(each), found[each.word.casefold()]) for each in _terms("en")}


def _referred(term: Term) -> str:
    """Return the word that an English entry refers to, if it does nothing else."""
    return term.text.removeprefix("See ").removesuffix(".").casefold()


@open_door
def glossary(request: HttpRequest) -> HttpResponse:
    """Show what the words mean."""
    return render(request, "parts/glossary.html", {"terms": terms()})
