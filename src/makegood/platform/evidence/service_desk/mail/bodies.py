"""The words of a page of HTML, and nothing else of it: no script runs, and nothing is fetched.

A page is read once from its beginning to its end, so that none takes longer than its length.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

MOST_HTML: Final = 400_000
_TAG: Final = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:[^<>"']++|"[^"]{0,2000}+"|'[^']{0,2000}+')*+)>""")
_HREF: Final = re.compile(r"""\bhref\s*=\s*["']?(https?://[^\s"'<>]{1,500})""", re.IGNORECASE)
_SILENT: Final = frozenset({"script", "style", "title", "template", "noscript", "svg", "object"})
_LINES: Final = frozenset(
    {
        "p", "div", "br", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section",
        "article", "header", "footer", "address", "form",
    }
)  # fmt: skip
_SPACE: Final = re.compile(r"\s+")
_DEEPEST: Final = 20


def text_of_html(html: str) -> str:
    """Return the words of a page, a line for each block; what was quoted begins with ``>``.

    >>> print(text_of_html("<p>Hello <b>you</b></p><script>steal()</script><blockquote>Old</blockquote><img src=x>"))
    Hello you
    > Old
    """
    words = _Words()
    html, place, unclosed = html[:MOST_HTML], 0, set[str]()
    while place < len(html):
        start = html.find("<", place)
        words.say(html[place : start if start >= 0 else len(html)])
        if start < 0:
            break
        place = _after(html, start, words, unclosed)
    return words.text()


def _after(html: str, start: int, words: _Words, unclosed: set[str]) -> int:
    """Hear what begins with an angle bracket, and return where it ends."""
    if html.startswith("<!--", start):
        end = html.find("-->", start)
        return end + 3 if end >= 0 else len(html)
    if html.startswith(("<!", "<?"), start):
        end = html.find(">", start)
        return end + 1 if end >= 0 else len(html)
    tag = _TAG.match(html, start)
    if tag is None:
        words.say("<")
        return start + 1
    name = tag[2].lower()
    if name in _SILENT and not tag[1] and name not in unclosed:
        closing = re.compile(f"</{name}[^<>]*+>", re.IGNORECASE).search(html, tag.end())
        if closing is not None:
            return closing.end()
        unclosed.add(name)
        return len(html) if name in {"script", "style"} else tag.end()
    words.hear(name, tag[3], is_end=bool(tag[1]))
    return tag.end()


class _Words:
    """The lines of a page, each with the depth of quoting in which it stands."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, list[str]]] = [(0, [])]
        self._depth = 0
        self._link = ""
        self._linked: list[str] = []

    def hear(self, name: str, attributes: str, *, is_end: bool) -> None:
        """Begin or end what a tag stands for."""
        if name == "blockquote":
            self._depth = max(0, self._depth - 1) if is_end else min(self._depth + 1, _DEEPEST)
            self._break()
        elif name == "a":
            self._end_link()
            found = None if is_end else _HREF.search(attributes)
            self._link = unescape(found[1]) if found else ""
        elif name in _LINES or name == "li":
            self._break()
            if name == "li" and not is_end:
                self.say("- ")
        elif name == "td" and not is_end:
            self.say(" ")

    def say(self, words: str) -> None:
        """Put words at the end of the line."""
        heard = _SPACE.sub(" ", unescape(words))
        self._lines[-1][1].append(heard)
        if self._link:
            self._linked.append(heard)

    def text(self) -> str:
        """Return the lines that were said."""
        self._end_link()
        lines = [(depth, _SPACE.sub(" ", "".join(words)).strip()) for depth, words in self._lines]
        return "\n".join("> " * depth + line for depth, line in lines if line)

    def _break(self) -> None:
        self._lines.append((self._depth, []))

    def _end_link(self) -> None:
        """Say where a link leads, if its words do not."""
        link, linked = self._link, "".join(self._linked)
        self._link, self._linked = "", []
        if link and link not in linked:
            self._lines[-1][1].append(f" <{link}>")
