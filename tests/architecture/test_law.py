"""The law is pure, exact, short, and says where each rule comes from."""

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ENGINE, HOUSE, ROOT, Source, sources, written_name

LONGEST_FILE = 400
LONGEST_BODY = 30

PURE_LIBRARIES = {"holidays", "makegood", "ruamel"}
CLOCKS = re.compile(r"(?:^|\.)(?:now|utcnow|today|localtime|gmtime|monotonic|perf_counter|time_ns|time\.time)$")
DOORS = {"open", "print", "input", "eval", "exec", "compile", "__import__"}
READS_ITS_OWN_DATA = {
    "src/makegood/engine/vocabulary/times.py": "the version of tzdata is part of every verdict",
    "src/makegood/engine/agreement/schema.py": "the JSON Schema is shipped beside it",
}
MARKS = ("Unit:", "Rule:", "Source:", ">>> ")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of_body(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def rules() -> Iterator[tuple[Source, Function, str]]:
    for room in ("judging", "money"):
        for source in sources(ENGINE / room):
            for node in source.tree.body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    yield source, node, ast.get_docstring(node) or ""


class TestTheLaw:
    @pytest.mark.parametrize("room", ["engine", "vault"])
    def test_has_no_float(self, room: str) -> None:
        literals = [
            source.place(node)
            for source in sources(HOUSE / room)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        ]
        casts = [
            s.place(call) for s in sources(HOUSE / room) for call in s.calls() if written_name(call.func) == "float"
        ]
        assert literals + casts == []

    def test_has_no_clock(self) -> None:
        """Not even as a value that somebody else calls, as in ``default_factory=datetime.now``."""
        assert [
            s.place(node)
            for s in sources(ENGINE)
            for node in ast.walk(s.tree)
            if isinstance(node, ast.Attribute) and CLOCKS.search(written_name(node))
        ] == []

    def test_has_no_door_to_the_world(self) -> None:
        assert [s.place(call) for s in sources(ENGINE) for call in s.calls() if written_name(call.func) in DOORS] == []

    def test_stands_on_pure_libraries_only(self) -> None:
        ground = PURE_LIBRARIES | set(sys.stdlib_module_names)
        imports = [(s.place(node), name) for s in sources(ENGINE) for node, name in s.imported()]
        assert [(place, name) for place, name in imports if name.split(".")[0] not in ground] == []

    def test_reads_only_its_own_data(self) -> None:
        readers = {s.name for s in sources(ENGINE) for _, name in s.imported() if name.startswith("importlib")}
        assert readers - set(READS_ITS_OWN_DATA) == set()

    def test_is_kept_in_short_files(self) -> None:
        lengths = {source.name: len(source.text.splitlines()) for source in sources(ENGINE)}
        assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}

    def test_is_kept_in_short_functions(self) -> None:
        lengths = {
            f"{s.place(function)} {function.name}": lines_of_body(function)
            for s in sources(ENGINE)
            for function in s.functions()
        }
        assert {name: length for name, length in lengths.items() if length > LONGEST_BODY} == {}


class TestARule:
    def test_states_unit_rule_source_and_example(self) -> None:
        lacking = {
            f"{source.place(function)} {function.name}": missing
            for source, function, text in rules()
            if (missing := [mark for mark in MARKS if mark not in text])
        }
        assert lacking == {}

    def test_names_a_source_that_exists(self) -> None:
        named = [
            (source.place(function), page)
            for source, function, text in rules()
            for page in re.findall(r"\bdocs/[\w./-]+\.md", text)
        ]
        assert [(place, page) for place, page in named if not (ROOT / page).is_file()] == []
