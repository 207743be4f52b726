"""Templates: agreements to start from, shipped with the program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import makegood
from makegood.engine.agreement.filling import filled, values_of

EMPTY: Final = "empty"
_HERE: Final = Path(__file__).parent
_KNOWN: Final[tuple[str, ...]] = ("agreement", "title", "term.from")


@dataclass(frozen=True, slots=True)
class Template:
    """An agreement to start from: its title and what it is about, as its first lines say."""

    name: str
    title: str
    about: str
    text: str


def templates() -> tuple[Template, ...]:
    """Return all templates: first a short agreement of one outcome, then the others by name."""
    return (_read(_HERE / f"{EMPTY}.yaml"), *(_read(path) for path in sorted(_folder().glob("*.yaml"))))


def template(name: str) -> Template | None:
    """Return a template by its name."""
    return next((each for each in templates() if each.name == name), None)


def begun(start: Template, values: dict[str, str]) -> str:
    """Return the text of a template with other values, as far as it has a place for them.

    ``provider`` and ``customer`` stand for the identifiers of the parties, ``provider_name`` and ``customer_name`` for
    what documents call them.
    """
    has = values_of(start.text)
    chosen: dict[str, str] = {path: values[path] for path in _KNOWN if values.get(path) and path in has}
    for party in ("provider", "customer"):
        identifier, name = values.get(party, ""), values.get(f"{party}_name", "")
        places = {f"parties.{party}": identifier, f"parties.{party}.id": identifier, f"parties.{party}.name": name}
        chosen |= {path: value for path, value in places.items() if value and path in has}
    return filled(start.text, chosen)


@cache
def _read(path: Path) -> Template:
    text = path.read_text("utf-8")
    comment = [line.removeprefix("#").strip() for line in text.partition("\n\n")[0].splitlines() if line[:1] == "#"]
    title, about = (comment[0] if comment else path.stem), " ".join(comment[1:]).strip()
    return Template(path.stem, title, about, text)


def _folder() -> Path:
    """Return the folder of templates: in the package where it was installed, at the root where it is worked on."""
    package = Path(makegood.__file__).parent
    installed = package / "examples" / "templates"
    return installed if installed.is_dir() else package.parents[1] / "examples" / "templates"
