"""The table of `make bench`: each line is a figure of ours against a goal."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.table import Table

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    """The lines of this run, printed at its end. With KEEP=1 they replace those of docs/performance.md."""
    lines = Table()
    yield lines
    lines.print()
    if os.environ.get("KEEP"):
        PAGE.write_text(lines.kept_in(PAGE.read_text(), datetime.now(UTC).date()))
