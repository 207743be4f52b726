"""The words of the glossary, on their own page and beside where they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext

from makegood.platform.web.doors import open_door

_FILE: Final = "glossary.md"
_ENTRY: Final = re.compile(r"^\*\*(?P<word>.+?)\.\*\* (?P<text>.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
_SIGNS: Final = re.compile(r"[*`]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means; ``anchor`` is where it stands on the page of the glossary."""

    word: str
    meaning: str
    anchor: str

    @property
    def text(self) -> str:
        """What it means, in the language that is active where it was translated."""
        return gettext(self.meaning)

    @property
    def name(self) -> str:
        """The word in the language that is active where it was translated."""
        return gettext(self.word)


def explained(word: str) -> Term:
    """Return the entry of a word, or the one that it refers to.

    :raises KeyError: if the glossary does not have it
    """
    return _by_word()[word.casefold()]


@cache
def terms() -> tuple[Term, ...]:
    """Return the glossary in its order; the source is docs/reference/glossary.md, which the package has with it."""
    here = Path(__file__).resolve()
    folders = (here.parents[3], *(parent / "docs" / "reference" for parent in here.parents))
    source = next(folder / _FILE for folder in folders if (folder / _FILE).exists()).read_text("utf-8")
    return tuple(
        Term(each["word"], " ".join(_SIGNS.sub("", each["text"]).split()), slugify(each["word"]))
        for each in _ENTRY.finditer(source)
    )


@cache
def _by_word() -> dict[str, Term]:
    found = {each.word.casefold(): each for each in terms()}
    return {word: found.get(_referred(each), each) for word, each in found.items()}


def _referred(term: Term) -> str:
    """Return the word that an entry refers to, if it does nothing else."""
    return term.meaning.removeprefix("See ").removesuffix(".").casefold()


@open_door
def glossary(request: HttpRequest) -> HttpResponse:
    """Show what the words mean."""
    return render(request, "parts/glossary.html", {"terms": terms()})
