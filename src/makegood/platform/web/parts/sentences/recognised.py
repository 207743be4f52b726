"""Recognises a sentence of the law by its words, and says it in the language of the reader.

What the law says is sealed and verified in English, byte for byte, so it is translated where it is shown: a sentence is
matched against texts with named places; each place has one kind of content, and may itself hold a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils import translation
from django.utils.translation import gettext

from makegood.platform.web.parts.sentences import figures
from makegood.platform.web.parts.sentences.judging import JUDGING
from makegood.platform.web.parts.sentences.money import MONEY

Written = Callable[[str], str]
SENTENCES = (*JUDGING, *MONEY)
LONGEST = 1_000  # characters; what is longer stays as it is
DEEPEST = 24  # so many sentences inside one another are looked into


@dataclass(frozen=True, slots=True)
class _Kind:
    """What may stand in a place, and how it is written; a sentence has to be recognised itself."""

    pattern: str
    written: Written | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    anchor: str
    pattern: re.Pattern[str]


def in_language(text: str) -> str:
    """Return what the law says in the language that is active, or as it is if nobody has translated it."""
    return said(text) or text


def said(text: str) -> str | None:
    """Return what the law says in the language that is active, or None if it is a sentence that nobody knows."""
    language = translation.get_language() or "en"
    if language.startswith("en") or not text:
        return text
    return _said(text, language, 0) if len(text) <= LONGEST else None


@lru_cache(maxsize=8192)
def _said(text: str, language: str, depth: int) -> str | None:
    if depth > DEEPEST:
        return None
    known = (_filled(each, text, language, depth) for each in _sentences() if each.anchor in text)
    return next((found for found in known if found is not None), None) or _plain(text)


def _filled(sentence: _Sentence, text: str, language: str, depth: int) -> str | None:
    """Return the translation with its places filled, if the text is this sentence."""
    match = sentence.pattern.fullmatch(text)
    if match is None:
        return None
    filled = {}
    for name, value in match.groupdict().items():
        written = _KINDS[name].written
        filled[name] = _said(value, language, depth + 1) if written is None else _tried(written, value)
        if filled[name] is None:
            return None
    return gettext(sentence.text).format(**filled)


def _plain(text: str) -> str | None:
    """Return what has no words of the law: a figure, a moment, or a name or two that parties gave."""
    for kind in _FIGURES:
        if kind.written is not None and re.fullmatch(kind.pattern, text):
            return _tried(kind.written, text) or text
    return text if re.fullmatch(rf"\S+(?: [\w.-]+| \({figures.NAMES}\))?", text) else None


def _tried(written: Written, text: str) -> str | None:
    """Return a content as it is written, or None if it only looks like one, such as the 31st of February."""
    try:
        return written(text)
    except ValueError:
        return None


@cache
def _sentences() -> tuple[_Sentence, ...]:
    """Return the sentences as patterns; those with most words of their own come first."""
    found = sorted(SENTENCES, key=lambda text: -len(_PLACE.sub("", text)))
    return tuple(_Sentence(each, max(_PLACE.split(each)[::2], key=len), re.compile(_pattern(each))) for each in found)


def _pattern(text: str) -> str:
    pieces = _PLACE.split(text)
    return "".join(
        f"(?P<{piece}>{_KINDS[piece].pattern})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    )


def _as_it_is(text: str) -> str:
    return text


def _series(text: str) -> str:
    return ", ".join(gettext("none") if each == "none" else figures.figure(each) for each in text.split(", "))


def _names(text: str) -> str:
    return gettext("none") if text == "none" else text


def _ruling(text: str) -> str:
    return gettext(_RULINGS[text])


_RULINGS = {"MET": "met", "MISSED": "missed", "UNDECIDED": "undecided"}
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = _Kind(figures.NUMBER, figures.figure)
_FIGURE = _Kind(figures.FIGURE, figures.figure)
_TARGET = _Kind(figures.TARGET, figures.target)
_MOMENT = _Kind(figures.MOMENT, figures.moment)
_SPAN = _Kind(figures.SPAN, figures.span)
_DAY = _Kind(figures.DAY, figures.day)
_RULING = _Kind("MET|MISSED|UNDECIDED", _ruling)
_PERIOD = _Kind(figures.PERIOD, _as_it_is)
_NAME = _Kind(".+?", _as_it_is)
_NAMES = _Kind(".+?", _names)
_WORD = _Kind(r"\S+", _as_it_is)
_LIST = _Kind(figures.NAMES, _as_it_is)
_SENTENCE = _Kind(".+?", None)
_SUM = _Kind("the .+", None)
_SERIES = _Kind(rf"(?:{figures.FIGURE}|none)(?:, (?:{figures.FIGURE}|none))+", _series)
_FIGURES = (_MOMENT, _SPAN, _DAY, _RULING, _TARGET, _FIGURE, _SERIES)
_PLACES = {
    _NUMBER: "agreed allowed bad before down empty excused good known most number total units",
    _FIGURE: "amount bound factor figure had high late level limit low minimum share size sum_amount unit_size",
    _SENTENCE: "bounded counted events further leaving more rate reason row run sentence stage stages what",
    _NAME: "another case cause event incident name outcome periods person promise record right",
    _NAMES: "names",
    _WORD: "measure result unit",
    _LIST: "results",
    _SUM: "sum",
    _MOMENT: "end moment",
    _SPAN: "span",
    _DAY: "day",
    _PERIOD: "period",
    _RULING: "ruling",
    _TARGET: "target",
}
_KINDS = {name: kind for kind, names in _PLACES.items() for name in names.split()}
