"""Words that make a reader stop stay out of code, pages and documents."""

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WORDS = (
    *("told", "anew", "mend", "mends", "mended", "mending", "whoever", "rang", "lest", "whence", "thither", "wherein"),
    *("rings", "rung", "ringing"),
    *("in hand", "at hand", "at rest", "in vain", "nobody at home", "in the wild"),
)
# "Of each" is clear before its noun only: "the codes of each division".
NO_NOUN = "and|are|as|at|by|first|in|is|last|newest|oldest|on|or|the|to|was|were|with"
OF_EACH = rf"of\s+each(?=\s+(?:{NO_NOUN})\b|\s*[.,;:)\"]|\s*$)"
# Underscores separate the words of a name.
LISTED = "|".join(WORDS).replace(" ", r"[\s_]+")
FOUND = re.compile(rf"(?<![a-z])(?:{LISTED}|{OF_EACH})(?![a-z])", re.IGNORECASE)
# The folders and files whose words count.
CHECKED = (
    "connector",
    "templates",
    "tenants",
    "config",
    "docs",
    "tests",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
# The vendors' own texts, the sentences of an older version, and the list of the words itself.
NOT_CHECKED = {
    Path("connector/sandbox/exact/texts.py"),
    Path("connector/problems/vendor_texts.py"),
    Path("tests/models/test_0011_codes_of_held_rows.py"),
    Path("tests/test_english.py"),
}
# The demo's words, the closing line of `make demo ARGS=--once`, a key of `preview --json`, and the name of an index.
KEPT = re.compile(r"the store rings %\(times\)s times|invoiced anew, |[`\"]mend[`\"]|document_in_hand")


def tracked() -> list[Path]:
    """Return the files of CHECKED whose English counts."""
    names = subprocess.check_output(["git", "ls-files", *CHECKED], cwd=ROOT, text=True).split()
    return [
        path
        for path in map(Path, names)
        if path.suffix in {".py", ".html", ".md"} and path not in NOT_CHECKED and "migrations" not in path.parts
    ]


def words_in_python(source: str) -> Iterator[str]:
    """Yield the listed words in comments, strings and names."""
    kinds = {tokenize.COMMENT, tokenize.STRING, tokenize.NAME}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds:
            yield from words_in_text(token.string)


def words_in_text(text: str) -> list[str]:
    """Return the listed words in a text."""
    return FOUND.findall(KEPT.sub("", text))


@pytest.mark.parametrize("path", tracked(), ids=str)
def test_the_english_is_plain(path: Path) -> None:
    text = (ROOT / path).read_text()
    assert list(words_in_python(text) if path.suffix == ".py" else words_in_text(text)) == []


@pytest.mark.parametrize(
    "source",
    [
        *("# Whoever asks", '"""The count of\n    each."""', "told = 1", "is_mended = True", "work_in_hand = 1"),
        *("# the rows of each newest first", "# the first ones\n# of each and", "is_rung = 1", "test_it_rings = 1"),
    ],
)
def test_a_listed_word_is_found(source: str) -> None:
    assert list(words_in_python(source))


@pytest.mark.parametrize("text", ["recommend", "a strange orange", "1 invoiced anew, 0 differences", "each of them"])
def test_other_words_are_not_found(text: str) -> None:
    assert words_in_text(text) == []
