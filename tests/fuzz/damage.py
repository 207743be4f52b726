"""Damage: documents that were good, changed in ways that people and machines change them.

A document is taken apart into its tree, some of its nodes are cut, moved, doubled or replaced, most often by what
stands under the same key in another good document, and it is written down again.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from makegood.engine.agreement.catalogue import CODES, GOOD, example
from makegood.engine.agreement.form_codes import FORM_CODES
from makegood.engine.agreement.nodes import Composition, ListNode, MapNode, Node, ScalarNode
from makegood.engine.agreement.places import Places

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "examples").rglob("*.yaml"))
AGREEMENTS = [path.read_text("utf-8") for path in FILES if path.parent.name != "mappings"]
# Also those that show a finding: what is wrong in one place may go on to another.
SEEDS = (GOOD, *AGREEMENTS, *(example(code) for code in CODES if code not in FORM_CODES))
MAPPINGS = tuple(path.read_text("utf-8") for path in FILES if path.parent.name == "mappings")

AWKWARD = (
    *("", "~", "0", "-1", "1", "0.1", "1e9", "999999999999", "0.00000000000000000000000000000000001", "00", "1.", ".5"),
    *("0%", "100%", "99.9%", "1000%", "100 %", "0s", "1s", "4h", "87600h", "999999999h", "0 days", "2 business days"),
    *(">= 0%", "> 100%", "<= 0", "< 0", ">= 4h", "< 1", "== 5", "<=", "0 EUR", "0.01 EUR", "1,000.00 EUR", "5 XXX"),
    *("100% of monthly_fee", "10% of fees", "5% of at_risk", "1% of service_fee", "1% of nothing", "4h per period"),
    *("1900-01-01", "2026-02-30", "2149-12-31", "2026-03-29", "UTC", "Mars/Olympus", "always", "true", "no", "null"),
    *("08:00-18:00", "00:00-24:00", "24:00-00:00", "mon-fri", "sun-mon", "ö", "\u202e", "\U0001f4b6", "a b", "x" * 300),
)

Tree = Any
Choose = Callable[[int], int]
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. %<>=/+-]*[A-Za-z0-9%]|[A-Za-z0-9]")


class Plain(str):
    """A value that stood without quotes."""

    __slots__ = ()


def tree(text: str) -> Tree:
    """Return a document as pairs, lists and texts; a key may stand twice."""
    node = Composition(Places("")).compose(text)
    return _tree(node) if node is not None else Plain("")


def _tree(node: Node) -> Tree:
    match node:
        case MapNode(pairs):
            return {"pairs": [[Plain(key.text), _tree(value)] for key, value in pairs]}
        case ListNode(items):
            return [_tree(item) for item in items]
        case ScalarNode(text, _, plain):
            return Plain(text) if plain else text
        case _:
            return Plain("")


def written(node: Tree) -> str:
    """Return a tree as YAML: JSON, but what stood without quotes stands so again."""
    match node:
        case {"pairs": pairs}:
            return "{" + ",\n".join(f"{written(key)}: {written(value)}" for key, value in pairs) + "}"
        case list():
            return "[" + ", ".join(map(written, node)) + "]"
        case Plain() if _SAFE.fullmatch(node):
            return str(node)
        case _:
            return json.dumps(node)


Place = tuple[Tree, int, str]  # the list that holds it, its number there, and the key above


def _places(node: Tree, above: str, found: list[Place]) -> list[Place]:
    """Collect every place of a tree."""
    match node:
        case {"pairs": pairs}:
            for number, (key, value) in enumerate(pairs):
                found.append((pairs, number, above))
                _places(value, key, found)
        case list():
            for number, item in enumerate(node):
                found.append((node, number, above))
                _places(item, above, found)
        case _:
            pass
    return found


def _by_key(trees: Sequence[Tree]) -> dict[tuple[str, str], list[Tree]]:
    """Return what stands under each key in any of the trees, apart by the key above."""
    found: dict[tuple[str, str], list[Tree]] = defaultdict(list)
    for each in trees:
        for holder, number, above in _places(each, "", []):
            if _is_pair(holder[number]):
                key, value = holder[number]
                found[above, key].append(value)
    return found


def _is_pair(entry: Tree) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], Plain)


UNDER = _by_key([tree(seed) for seed in SEEDS])
KEYS = tuple(sorted({key for _, key in UNDER}))
BELOW = {above: sorted(key for higher, key in UNDER if higher == above) for above, _ in UNDER}


def damaged(text: str, edits: int, choose: Choose) -> str:
    """Return a document after some edits; ``choose(n)`` gives a number below ``n`` and decides everything."""
    root = tree(text)
    for _ in range(edits):
        places = _places(root, "", [])
        if not places:
            break
        _EDITS[choose(len(_EDITS))](places[choose(len(places))], choose)
    return written(root)


def _copy(node: Tree) -> Tree:
    match node:
        case {"pairs": pairs}:
            return {"pairs": [[key, _copy(value)] for key, value in pairs]}
        case list():
            return [_copy(item) for item in node]
        case _:
            return node


def _graft(place: Place, choose: Choose) -> None:
    holder, number, above = place
    if _is_pair(holder[number]):
        others = UNDER.get((above, holder[number][0])) or [Plain("")]
        holder[number][1] = _copy(others[choose(len(others))])


def _add(place: Place, choose: Choose) -> None:
    holder, number, above = place
    if _is_pair(holder[number]) and above in BELOW:
        key = BELOW[above][choose(len(BELOW[above]))]
        value = _copy(UNDER[above, key][choose(len(UNDER[above, key]))])
        holder[:] = [entry for entry in holder if entry[0] != key] + [[Plain(key), value]]


def _put(holder: Tree, number: int, value: Tree) -> None:
    if _is_pair(holder[number]):
        holder[number][1] = value
    else:
        holder[number] = value


def _retype(place: Place, choose: Choose) -> None:
    _put(place[0], place[1], Plain(AWKWARD[choose(len(AWKWARD))]))


def _cut(place: Place, _: Choose) -> None:
    del place[0][place[1]]


def _double(place: Place, choose: Choose) -> None:
    holder, number, _ = place
    holder.insert(choose(len(holder) + 1), _copy([holder[number]])[0])


def _rename(place: Place, choose: Choose) -> None:
    holder, number, _ = place
    if _is_pair(holder[number]):
        holder[number][0] = Plain(KEYS[choose(len(KEYS))])


def _wrap(place: Place, choose: Choose) -> None:
    holder, number, _ = place
    inside = holder[number][1] if _is_pair(holder[number]) else holder[number]
    _put(holder, number, [inside] if choose(2) else {"pairs": [[Plain("x"), inside]]})


def _swap(place: Place, choose: Choose) -> None:
    holder, number, _ = place
    other = choose(len(holder))
    holder[number], holder[other] = holder[other], holder[number]


# What leaves a good document most often is first, several times.
_EDITS = cast(
    "tuple[Callable[[Place, Choose], None], ...]",
    (*[_graft] * 12, *[_add] * 6, *[_retype] * 2, _swap, _cut, _double, _rename, _wrap),
)


def torn(content: bytes, edits: int, choose: Choose) -> bytes:
    """Return bytes after some edits that know nothing of what they are."""
    found = bytearray(content)
    for _ in range(edits):
        at = choose(len(found) + 1)
        match choose(5):
            case 0:
                found[at : at + 1] = bytes([choose(256)])
            case 1:
                del found[at : at + choose(64)]
            case 2:
                found[at:at] = found[at : at + choose(64)]
            case 3:
                piece = _PIECES[choose(len(_PIECES))]
                found[at:at] = piece
            case _:
                other = choose(len(found) + 1)
                found[at:at] = found[other : other + choose(200)]
    return bytes(found)


_WORDS = (
    *("{", "}", "[", "]", ": ", ", ", "- ", "\n", "\n  ", "\t", "#", "'", '"', "|", ">", "&a ", "*a", "<<: ", "!!str "),
    *("---\n", "...\n", "%YAML 1.1\n", "? ", "\r\n", "\x00", "\x85", "\u2028", "\ufeff", "\ud7ff", "\U0010ffff", "\\"),
)  # fmt: skip
_PIECES = (*(word.encode() for word in _WORDS), b"\xff", b"\xc0\x80", b"\xed\xa0\x80")
