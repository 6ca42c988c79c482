"""The board, the alert rules and their page name figures that `/metrics` has, and the page names them all."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

DOCS = Path(settings.BASE_DIR) / "docs"
PAGE, BOARD, RULES = DOCS / "monitoring.md", DOCS / "monitoring" / "board.json", DOCS / "monitoring" / "alerts.yml"

pytestmark = pytest.mark.django_db


def named_in(file: Path) -> set[str]:
    """Every figure that a file names."""
    return set(re.findall(r"\bconnector_[a-z_]+", file.read_text(encoding="utf-8")))


def given(client: Client) -> dict[str, set[str]]:
    """The name of each figure that `/metrics` gives, with the names of its labels."""
    found: dict[str, set[str]] = {}
    for line in client.get("/metrics").content.decode().splitlines():
        if line.startswith("# TYPE "):
            name, kind = line.removeprefix("# TYPE ").split()
            found[name] = set()
            assert (kind == "counter") == name.endswith("_total")
        elif not line.startswith("#"):
            name = re.split("[ {]", line, maxsplit=1)[0]
            found[name] |= set(re.findall(r"(\w+)=", line))
    return found


@pytest.mark.parametrize("file", [PAGE, BOARD, RULES], ids=lambda file: file.name)
def test_every_figure_that_is_named_exists(file: Path, client: Client) -> None:
    assert named_in(file)
    assert not named_in(file) - set(given(client))


def test_the_page_names_every_figure_and_every_label(client: Client) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, labels in given(client).items():
        assert f"`{name}`" in page
        assert not [label for label in labels if f"`{label}`" not in page]


def test_the_page_says_what_to_do_about_every_alert() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text(encoding="utf-8"))
    assert len(alerts) > 10
    page = PAGE.read_text(encoding="utf-8")
    assert not [alert for alert in alerts if f"`{alert}`" not in page]


def test_the_board_asks_for_something_in_every_panel() -> None:
    board = json.loads(BOARD.read_text(encoding="utf-8"))
    assert board["panels"]
    for panel in board["panels"]:
        assert all("connector_" in target["expr"] for target in panel["targets"])
        assert panel["datasource"]["uid"] == "${source}"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
