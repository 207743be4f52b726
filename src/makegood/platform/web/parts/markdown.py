"""Markdown as a page: headings, paragraphs, lists, code, emphasis and links; everything else is shown as it is.

Nothing of what is written becomes a tag: each text is escaped before marks are read, and links lead to https alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_LINK: Final = re.compile(r"\[([^\[\]]{1,200})\]\((https://[^\s()<>\"']{1,500})\)")
_MARKS: Final = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*\n]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])"), r"<em>\1</em>"),
)
_HEADING: Final = re.compile(r"(#{1,4})\s+(\S.*)")
_ITEM: Final = re.compile(r"(?:[-*]|\d{1,3}[.)])\s+(\S.*)")
_FENCE: Final = "```"


def as_page(text: str) -> SafeString:
    """Return a text in Markdown as HTML."""
    return mark_safe("\n".join(_blocks(text.replace("\r\n", "\n").split("\n"))))  # noqa: S308  # each part is escaped


def _blocks(lines: list[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if line.startswith(_FENCE):
            end = next((at for at in range(place + 1, len(lines)) if lines[at].strip() == _FENCE), len(lines))
            yield f"<pre>{escape(chr(10).join(lines[place + 1 : end]))}</pre>"
            place = end + 1
        elif heading := _HEADING.fullmatch(line):
            level = min(len(heading[1]) + 1, 4)
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
            place += 1
        elif _ITEM.fullmatch(line):
            items = _while(lines, place, _is_item)
            shown = "".join(f"<li>{_inline(_text_of(each))}</li>" for each in items)
            kind = "ol" if line[0].isdigit() else "ul"
            yield f"<{kind}>{shown}</{kind}>"
            place += len(items)
        elif line:
            words = _while(lines, place, _is_plain)
            yield f"<p>{'<br>'.join(_inline(each.strip()) for each in words)}</p>"
            place += len(words)
        else:
            place += 1


def _while(lines: list[str], place: int, fits: Callable[[str], bool]) -> list[str]:
    end = place + 1
    while end < len(lines) and fits(lines[end].strip()):
        end += 1
    return lines[place:end]


def _is_item(line: str) -> bool:
    return _ITEM.fullmatch(line) is not None


def _is_plain(line: str) -> bool:
    return bool(line) and not line.startswith(_FENCE) and not _HEADING.fullmatch(line) and not _is_item(line)


def _text_of(item: str) -> str:
    found = _ITEM.fullmatch(item.strip())
    return found[1] if found is not None else item


def _inline(text: str) -> str:
    """Return a line with its marks as tags; what is in a link stays as it is."""
    shown, place = [], 0
    for link in _LINK.finditer(text):
        shown.append(_marked(text[place : link.start()]))
        shown.append(f'<a href="{escape(link[2])}" rel="noopener noreferrer">{escape(link[1])}</a>')
        place = link.end()
    return "".join([*shown, _marked(text[place:])])


def _marked(text: str) -> str:
    shown = str(escape(text))
    for mark, tag in _MARKS:
        shown = mark.sub(tag, shown)
    return shown
