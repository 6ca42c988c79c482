"""Makes docs/order-page.png again, from the sandbox's own order: `make screenshot`."""

import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import CREATED, Event
from tests.browser.chromium import chromium

FILE = Path(__file__).parents[2] / "docs" / "order-page.png"
STORE, ORDER = "nlshop1", 1005
OWNER, PASSWORD = "owner@demo.example", "only-for-this-picture"
WIDTH, HEIGHT, BAR = 1440, 828, 68  # pixels; the bar at the foot has only the button that closes the page
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Post one order with web, worker and both fakes, and take a picture of its page."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        variables = {"DATABASE_URL": f"sqlite:///{folder}/picture.sqlite3"}
        with Installation(sandbox, 0, say, variables) as installation:
            installation.provision(sandbox.provision_file(password=PASSWORD))
            installation.start_web()
            installation.start_worker()
            sandbox.sender(installation.url).deliver_all([Event(STORE, ORDER, CREATED)])
            wait_until_posted(installation)
            with chromium() as browser:
                take(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB"), installation.url)
    say(f"Wrote {FILE.name}, {FILE.stat().st_size // 1024} KB")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def wait_until_posted(installation: Installation) -> None:
    """Return once the worker has posted the order. Raises TimeoutError."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while [row["state"] for row in installation.ledger()] != ["posted"]:
        if time.monotonic() > give_up:
            raise TimeoutError(f"The order was not posted: {installation.ledger()}")
        time.sleep(0.5)


def take(page: Page, address: str) -> None:
    """Log in, open the order, and write the picture of what is seen without scrolling."""
    page.goto(f"{address}/admin/")
    page.get_by_label(re.compile("e-mail", re.I)).fill(OWNER)
    page.get_by_label(re.compile("password", re.I)).first.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("log in", re.I)).click()
    page.goto(f"{address}/admin/connector/ordersync/")
    page.get_by_role("link", name=str(ORDER), exact=True).click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FILE, clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT - BAR})


if __name__ == "__main__":
    main()
