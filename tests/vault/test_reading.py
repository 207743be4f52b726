from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makegood.engine.evidence.mapping import Delimiter, Encoding, FileFormat
from makegood.engine.evidence.translate import Row
from makegood.vault import reading
from makegood.vault.reading import BadLine, Shape, UnreadableFile, open_objects, open_rows

CSV = b"number,state,note\n1,open,\n2,closed,NA\n"


def rows(path: Path, *columns: str, **shape: object) -> list[tuple[int, Row | BadLine]]:
    with open_rows(path, Shape(frozenset(columns), **shape)) as found:  # type: ignore[arg-type]
        return list(found.lines)


def file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def marked(archive: bytes, place: int, mark: int) -> bytes:
    """Return a ZIP archive of one file with another byte in both of its headers."""
    changed = bytearray(archive)
    changed[place] = mark
    changed[changed.rfind(b"PK\x01\x02") + place + 2] = mark
    return bytes(changed)


def refusal(path: Path, *columns: str, **shape: object) -> str:
    with pytest.raises(UnreadableFile) as refused:
        rows(path, *columns, **shape)
    return str(refused.value).replace(f"{path.parent}/", "")


class TestCsv:
    @pytest.mark.parametrize(
        ("_case", "name", "content"),
        [
            ("plain", "log.csv", CSV),
            ("with a mark at its beginning", "log.csv", b"\xef\xbb\xbf" + CSV),
            ("with line ends of another system", "log.txt", CSV.replace(b"\n", b"\r\n")),
            ("packed with gzip", "log.csv.gz", gzip.compress(CSV, mtime=0)),
            ("packed with ZIP", "log.csv.zip", zipped(**{"folder/": b"", "log.csv": CSV})),
            ("with blank lines", "log.csv", CSV.replace(b"1,open", b"1,open")),
        ],
    )
    def test_gives_rows_with_their_lines(self, _case: str, name: str, content: bytes, tmp_path: Path) -> None:
        assert rows(file(tmp_path, name, content), "number", "note") == [
            (2, {"number": "1", "note": ""}),
            (3, {"number": "2", "note": "NA"}),
        ]

    @pytest.mark.parametrize(
        ("delimiter", "sign"),
        [(Delimiter.COMMA, ","), (Delimiter.SEMICOLON, ";"), (Delimiter.TAB, "\t"), (Delimiter.BAR, "|")],
    )
    def test_may_have_another_delimiter(self, delimiter: Delimiter, sign: str, tmp_path: Path) -> None:
        path = file(tmp_path, "log.tsv", CSV.replace(b",", sign.encode()))
        assert rows(path, "state", delimiter=delimiter) == [(2, {"state": "open"}), (3, {"state": "closed"})]

    def test_may_have_another_encoding(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", "Priorität\nhöchste €\n".encode("cp1252"))
        assert rows(path, "Priorität", encoding=Encoding.WINDOWS_1252) == [(2, {"Priorität": "höchste €"})]

    def test_counts_the_lines_of_a_cell_and_those_that_are_blank(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", b'a,b\n"two\nlines",1\n\n3,4\n')
        assert rows(path, "a") == [(2, {"a": "two\nlines"}), (5, {"a": "3"})]

    def test_names_lines_that_are_no_rows_and_goes_on(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", b'a,b\n1\n1,2,3\n"1"x,2\n1,2\n')
        assert rows(path, "b") == [
            (2, BadLine("the line has 1 cells, the header has 2")),
            (3, BadLine("the line has 3 cells, the header has 2")),
            (4, BadLine("""the line is not CSV (',' expected after '"')""")),
            (5, {"b": "2"}),
        ]

    def test_names_every_line_that_an_open_quote_took_with_it(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", b'a,b\n1,2\n"3,4\n5,6\n7,8\n')
        assert rows(path, "b") == [
            (2, {"b": "2"}),
            (3, BadLine("the line is not CSV (unexpected end of data)")),
            (4, BadLine("the quote in line 3 took it")),
            (5, BadLine("the quote in line 3 took it")),
        ]

    @pytest.mark.parametrize(
        ("_case", "name", "content", "sentence"),
        [
            (
                "empty",
                "log.csv",
                b"",
                "log.csv:1:1: MG405 error: log.csv is empty (a CSV file begins with the names of its columns)",
            ),
            (
                "a missing column",
                "log.csv",
                b"number;state\n",
                "log.csv:1:1: MG403 error: there is no column number (the columns are number;state)",
            ),
            (
                "a column twice",
                "log.csv",
                b"number,number\n",
                "log.csv:1:1: MG405 error: there are several columns number (give each its own name)",
            ),
            (
                "a header that is not CSV",
                "log.csv",
                b'"number"x\n',
                """log.csv:1:1: MG405 error: the header cannot be read (',' expected after '"')""",
            ),
            (
                "another encoding",
                "log.csv",
                b"number\n1\n2\n" + "ä\n".encode("latin-1"),
                (
                    "log.csv:1:1: MG405 error: somewhere after line 0 stands a byte that is not utf-8"
                    " (write its encoding in the mapping, such as windows-1252)"
                ),
            ),
            (
                "half a gzip file",
                "log.csv.gz",
                gzip.compress(CSV, mtime=0)[:-4],
                (
                    "log.csv.gz:1:1: MG405 error: log.csv.gz is damaged (Compressed file ended before the"
                    " end-of-stream marker was reached) (fetch it again)"
                ),
            ),
            (
                "no gzip file",
                "log.csv.gz",
                CSV,
                "log.csv.gz:1:1: MG405 error: log.csv.gz is damaged (Not a gzipped file (b'nu')) (fetch it again)",
            ),
            (
                "no ZIP archive",
                "log.zip",
                CSV,
                "log.zip:1:1: MG405 error: log.zip is damaged (File is not a zip file) (fetch it again)",
            ),
            (
                "a ZIP archive of two files",
                "log.zip",
                zipped(a=CSV, b=CSV),
                "log.zip:1:1: MG405 error: log.zip holds 2 files (unpack it and import one of them)",
            ),
            (
                "a ZIP archive with a password",
                "log.zip",
                marked(zipped(a=CSV), 6, 1),
                "log.zip:1:1: MG405 error: log.zip is locked with a password (unpack it, and import its file)",
            ),
            (
                "a ZIP archive packed in an unusual way",
                "log.zip",
                marked(zipped(a=CSV), 8, 99),
                (
                    "log.zip:1:1: MG405 error: log.zip cannot be unpacked (That compression method is not supported)"
                    " (unpack it, and import its file)"
                ),
            ),
            (
                "an ending that says nothing",
                "log.dat",
                CSV,
                (
                    "log.dat:1:1: MG405 error: log.dat does not say what it is"
                    " (write format: csv, jsonl or parquet in the mapping)"
                ),
            ),
        ],
    )
    def test_refuses_a_file_with_a_sentence(
        self, _case: str, name: str, content: bytes, sentence: str, tmp_path: Path
    ) -> None:
        form = FileFormat.CSV if name.endswith(".zip") else None
        assert refusal(file(tmp_path, name, content), "number", format=form) == sentence

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "log.csv", "number").endswith(
            "log.csv cannot be read (No such file or directory) (check its name and permissions)"
        )

    def test_refuses_a_line_without_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "LONGEST_LINE", 20)
        assert refusal(file(tmp_path, "log.csv", CSV + b"9" * 30), "number") == (
            "log.csv:4:1: MG405 error: line 4 does not end (check that this is the right file)"
        )

    def test_tells_how_far_it_has_come(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", CSV)
        with open_rows(path, Shape(frozenset({"number"}))) as found:
            assert (found.size, found.done()) == (len(CSV), 0)
            next(found.lines)
            assert found.done() == len(CSV)

    def test_does_not_take_the_reader_s_trouble_for_its_own(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.csv", CSV)
        with pytest.raises(EOFError), open_rows(path, Shape(frozenset({"number"}))):
            raise EOFError


class TestJsonLines:
    def test_gives_cells_as_they_are_written(self, tmp_path: Path) -> None:
        path = file(
            tmp_path,
            "log.jsonl",
            b'{"n": 1, "f": 0.10, "b": true, "x": null, "s": {"name": "till", "at": {"site": "mill"}}, "l": [1]}\n'
            b"\n"
            b'{"n": 9007199254740993, "f": 1e-5, "u": "\\u00e4"}\n',
        )
        assert rows(path, "n", "f", "b", "x", "s.name", "s.at.site", "l", "u") == [
            (
                1,
                {
                    "n": "1",
                    "f": "0.10",
                    "b": "true",
                    "x": None,
                    "s.name": "till",
                    "s.at.site": "mill",
                    "l": "[1]",
                    "u": None,
                },
            ),
            (
                3,
                {
                    "n": "9007199254740993",
                    "f": "1e-5",
                    "b": None,
                    "x": None,
                    "s.name": None,
                    "s.at.site": None,
                    "l": None,
                    "u": "ä",
                },
            ),
        ]

    def test_names_lines_that_are_no_rows_and_goes_on(self, tmp_path: Path) -> None:
        lines = b'{"n": 1\n[1]\n{"n": "\\ud800"}\n' + b"[" * 100_000 + b'\n{"n": 1}\n'
        assert rows(file(tmp_path, "log.ndjson", lines), "n") == [
            (1, BadLine("the line is not JSON")),
            (2, BadLine("the line is JSON, but not an object")),
            (3, BadLine("the line holds half a character")),
            (4, BadLine("the line is not JSON")),
            (5, {"n": "1"}),
        ]

    def test_takes_no_line_that_says_two_things_under_one_key(self, tmp_path: Path) -> None:
        lines = b'{"n": 1, "m": {"a": 1, "a": 2}}\n{"n": 1, "n": 1}\n{"n": 1}\n'
        assert rows(file(tmp_path, "log.jsonl", lines), "n") == [
            (1, BadLine("the line has the key 'a' twice")),
            (2, BadLine("the line has the key 'n' twice")),
            (3, {"n": "1"}),
        ]

    def test_does_not_know_what_is_not_a_number(self, tmp_path: Path) -> None:
        assert rows(file(tmp_path, "log.jsonl", b'{"n": NaN, "m": -Infinity}\n'), "n", "m") == [
            (1, {"n": None, "m": "-Infinity"})
        ]

    def test_refuses_a_file_whose_lines_never_have_a_key(self, tmp_path: Path) -> None:
        assert refusal(file(tmp_path, "log.jsonl", b'{"n": 1}\n'), "n", "m") == (
            "log.jsonl:1:1: MG403 error: no line has the key m (compare with the keys in the file)"
        )

    @pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
    def test_refuses_an_empty_file(self, name: str, tmp_path: Path) -> None:
        content = gzip.compress(b"", mtime=0) if name.endswith("gz") else b""
        assert refusal(file(tmp_path, name, content), "n").endswith(
            "is empty (a JSON Lines file has one object a line)"
        )

    def test_may_be_read_as_objects(self, tmp_path: Path) -> None:
        path = file(tmp_path, "log.jsonl", b'{"n": 1, "f": 0.10, "l": {"a": "b"}}\n{\n{"n": "\\ud800"}\n')
        with open_objects(path) as found:
            assert list(found.lines) == [
                (1, {"n": 1, "f": "0.10", "l": {"a": "b"}}),
                (2, BadLine("the line is not JSON")),
                (3, BadLine("the line holds half a character")),
            ]


class TestParquet:
    def test_gives_cells_as_texts_that_lose_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "log.parquet"
        at = datetime(2026, 3, 6, 16, tzinfo=UTC)
        table = pa.table(
            {
                "n": pa.array([1, None], pa.int32()),
                "f": pa.array([0.1, 1012.0]),
                "z": pa.array([at, None], pa.timestamp("ms", "Europe/Berlin")),
                "w": pa.array([at.replace(tzinfo=None), None], pa.timestamp("us")),
                "d": pa.array([date(2026, 3, 6), None]),
                "b": pa.array([True, False]),
                "s": pa.array(["a", "b"]).dictionary_encode(),
                "unread": pa.array([[1], [2]]),
            }
        )
        pq.write_table(table, path)
        assert rows(path, *"nfzwdbs") == [
            (
                1,
                {
                    "n": "1",
                    "f": "0.1",
                    "z": "2026-03-06 17:00:00.000+0100",
                    "w": "2026-03-06 16:00:00.000000",
                    "d": "2026-03-06",
                    "b": "true",
                    "s": "a",
                },
            ),
            (2, {"n": None, "f": "1012", "z": None, "w": None, "d": None, "b": "false", "s": "b"}),
        ]

    def test_does_not_know_a_double_that_is_not_a_number(self, tmp_path: Path) -> None:
        path = tmp_path / "log.parquet"
        pq.write_table(pa.table({"n": [0.5, float("nan")], "s": ["nan", "b"]}), path)
        assert rows(path, "n", "s") == [(1, {"n": "0.5", "s": "nan"}), (2, {"n": None, "s": "b"})]

    def test_numbers_rows_through_all_its_groups(self, tmp_path: Path) -> None:
        path = tmp_path / "log.parquet"
        pq.write_table(pa.table({"n": pa.array(range(25_000))}), path, row_group_size=7_000)
        with open_rows(path, Shape(frozenset({"n"}))) as found:
            assert all(isinstance(row, dict) and row["n"] == f"{line - 1}" for line, row in found.lines)
            assert found.done() == found.size

    @pytest.mark.parametrize(
        ("_case", "write", "columns", "sentence"),
        [
            (
                "a missing column",
                lambda path: pq.write_table(pa.table({"a": [1], "b": [2]}), path),
                "n",
                "log.parquet:1:1: MG403 error: there is no column n (the columns are a, b)",
            ),
            (
                "no Parquet",
                lambda path: path.write_bytes(CSV),
                "n",
                "log.parquet:1:1: MG405 error: log.parquet is not a Parquet file (",
            ),
            (
                "a column of lists",
                lambda path: pq.write_table(pa.table({"n": [[1]]}), path),
                "n",
                "log.parquet:1:1: MG405 error: the column n holds lists or maps (import a file with plain columns)",
            ),
        ],
    )
    def test_refuses_a_file_with_a_sentence(
        self, _case: str, write: Callable[[Path], object], columns: str, sentence: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "log.parquet"
        write(path)
        assert refusal(path, *columns).startswith(sentence)
