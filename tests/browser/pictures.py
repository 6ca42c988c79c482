"""Pictures of the pages that a test goes through, in var/browser, for a person who wants to look."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "var" / "browser"
WANTED = bool(os.environ.get("PICTURES"))


def begin() -> None:
    """Remove the pictures of the run before."""
    if WANTED:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)


def save(page: Page, name: str) -> None:
    """Save a picture of the whole page, when pictures are wanted (`make browser PICTURES=1`).

    No test depends on one: a long page that refreshes itself may keep the browser from finishing it.
    """
    if WANTED:
        FOLDER.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
