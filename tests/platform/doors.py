"""Every address of the house, as the resolver has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from makegood.platform.web.doors import Door

OTHERS = ("account/", "static/")
"""Addresses of the library that signs people in; it has tests of its own."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its parameters, its view and the rule that the view carries."""

    route: str
    view: Any
    parameters: tuple[str, ...]

    @property
    def door(self) -> Door | None:
        return getattr(self.view, "door", None)

    @property
    def names_something(self) -> bool:
        """Whether it leads to something of somebody; a list of whatever one may see does not."""
        return bool({*self.parameters} - {"what", "ending"})

    def filled(self, values: dict[str, object]) -> str:
        """Return the address of some objects.

        :raises KeyError: if nobody said which object stands for a parameter
        """
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.route)


def addresses() -> list[Address]:
    """Return every address but those of others."""
    return [each for each in _walked(get_resolver(), "") if not each.route.startswith(OTHERS)]


def _walked(resolver: URLResolver, before: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Address(route, each.callback, tuple(re.findall(r"<(?:\w+:)?(\w+)>", route)))
        else:
            yield from _walked(each, route)


def closed(answer: Any) -> None:
    """Close the file that an answer streams; to close the answer itself would close the test's connection."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    file = getattr(answer, "file_to_stream", None)
    if file is not None:
        file.close()
