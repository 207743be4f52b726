"""Write the generated files and check every link; with ``--check`` write nothing and say what is out of date."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from makegood.cli.reference import command_page
from makegood.engine.agreement.advice.codes import ADVICE_CODES
from makegood.engine.agreement.amendment_codes import CHAIN_CODES
from makegood.engine.agreement.exchange.codes import EXCHANGE_CODES
from makegood.engine.agreement.reference import findings_page, language_page
from makegood.engine.agreement.schema import schema_text
from makegood.engine.agreement.underpinning_codes import UNDERPINNING_CODES
from makegood.engine.evidence.codes import EVIDENCE_CODES
from makegood.engine.evidence.mapping import LANGUAGE as MAPPING
from makegood.engine.evidence.mapping import EvidenceMapping
from makegood.engine.review.lint.codes import LINT_CODES
from makegood.vault.codes import VAULT_CODES

ROOT = Path(__file__).resolve().parent.parent

# A generated file, and the function that returns its whole text. They are committed, to be read without a build.
GENERATED: dict[str, Callable[[], str]] = {
    "docs/reference/command-line.md": command_page,
    "docs/reference/findings.md": lambda: findings_page(
        (*CHAIN_CODES, *UNDERPINNING_CODES, *EVIDENCE_CODES, *VAULT_CODES, *EXCHANGE_CODES, *ADVICE_CODES, *LINT_CODES)
    ),
    "docs/reference/language.md": language_page,
    "src/makegood/engine/agreement/agreement.schema.json": schema_text,
    "src/makegood/engine/evidence/mapping.schema.json": lambda: schema_text(EvidenceMapping, MAPPING),
}

LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)
CODE = re.compile(r"^(```+|~~~+).*?^\1\s*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


def outdated(*, write: bool) -> Iterator[str]:
    """Yield a sentence for each generated file that differs from what its function says now; mend it if asked to."""
    for name, text in GENERATED.items():
        path = ROOT / name
        now = text()
        if path.exists() and path.read_text(encoding="utf-8") == now:
            continue
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")
            print(f"docs: wrote {name}")
        else:
            yield f"{name} is out of date (run ./run docs)"


def broken_links() -> Iterator[str]:
    """Yield a sentence for each link between our pages that leads nowhere."""
    for page in pages():
        for target in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
            if ELSEWHERE.match(target):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if not path.exists():
                yield f"{page.relative_to(ROOT)}: {target} does not exist"
            elif anchor and path.suffix == ".md" and anchor not in anchors(path):
                yield f"{page.relative_to(ROOT)}: {target} names no heading"


def pages() -> list[Path]:
    """Return every Markdown page a reader can come to."""
    return sorted(
        [*ROOT.glob("*.md"), *(page for room in ("docs", "examples", "tests") for page in (ROOT / room).rglob("*.md"))]
    )


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as forges make them."""
    text = CODE.sub(lambda code: "" if "\n" in code[0] else code[0], page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def main() -> None:
    troubles = [*outdated(write="--check" not in sys.argv[1:]), *broken_links()]
    for trouble in troubles:
        print(f"docs: {trouble}", file=sys.stderr)
    if troubles:
        sys.exit(1)
    print(f"docs: {len(GENERATED)} generated files are current, the links of {len(pages())} pages resolve")


if __name__ == "__main__":
    main()
