"""A newcomer walks from the first page to live, once by keyboard alone, once on a phone with mistakes on the way."""

import itertools
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Locator, Page

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.newcomer import APP_ID, APP_SECRET, DIVISION, Newcomer
from tests.browser import pictures

EMAIL, PASSWORD = "robin@atelier.example", "a-loom-and-a-shuttle"
MOST_CLICKS, MOST_TYPED = 25, 12
PATIENCE_SECONDS = 90.0
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()


@dataclass
class World:
    """A new installation with nobody in it, a shop that nobody has connected, and the mails that were sent."""

    sandbox: Sandbox
    newcomer: Newcomer
    installation: Installation
    mails: Path

    def code(self) -> str:
        """The code of the newest mail, which stands alone on a line."""
        newest = max(self.mails.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return str(re.findall(r"^([0-9]{6})$", newest.read_text(), re.M)[-1])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    mails = tmp_path / "mails"
    variables = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3",
        "SIGNUPS": "open",
        "EMAIL_URL": f"filemail:///{mails}",
        "CONNECTOR_SWEEP_SECONDS": "1",
    }
    with Sandbox() as sandbox:
        sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
        newcomer = Newcomer.open(sandbox.stores, sandbox.exact)
        with Installation(sandbox, 0, lambda line: None, variables) as installation:
            installation.start_web()
            installation.start_worker()
            yield World(sandbox, newcomer, installation, mails)


@dataclass
class Walker:
    """A person at a page. Clicks and typed fields are counted, and every page is held against axe's rules."""

    page: Page
    address: str
    story: str
    by_keyboard: bool = False
    clicks: int = 0
    typed: int = 0
    _shots: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def press(self, name: str, value: str = "") -> None:
        """Press the button with this name."""
        exact = f'[value="{value}"]' if value else ""
        self.use(self.page.locator(f'button[name="{name}"]{exact}').first)

    def use(self, target: Locator) -> None:
        """Click a link or a button, or go to it by Tab and press Enter. Each leads to a page."""
        if self.by_keyboard:
            self._tab_to(target)
        with self.page.expect_navigation():
            if self.by_keyboard:
                self.page.keyboard.press("Enter")
            else:
                target.click()
        self.clicks += 1
        self.look()

    def choose(self, name: str, value: str) -> None:
        """Tick a choice that is not the present one."""
        target = self.page.locator(f'input[name="{name}"][value="{value}"]')
        if target.is_checked():
            return
        if self.by_keyboard:
            self._tab_to(self.page.locator(f'input[name="{name}"]').first)
            while not target.is_checked():
                self.page.keyboard.press("ArrowDown")
        else:
            target.check()
        self.clicks += 1

    def write(self, name: str, value: str) -> None:
        """Type or paste into a field."""
        target = self.page.locator(f'[name="{name}"]').first
        if self.by_keyboard:
            self._tab_to(target)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(value)
        else:
            target.fill(value)
        self.typed += 1

    def _tab_to(self, target: Locator) -> None:
        for _ in range(200):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by Tab.")

    def violations(self) -> list[dict[str, Any]]:
        """What axe finds. A page that waits for the worker may refresh itself meanwhile; then it is asked again."""
        for _ in range(3):
            try:
                self.page.evaluate(AXE)
                return list(self.page.evaluate("axe.run()")["violations"])
            except Error as error:
                if "Execution context was destroyed" not in str(error):
                    raise
                self.page.wait_for_load_state()
        raise AssertionError("The page does not stand still.")

    def look(self) -> None:
        """Save a picture, and hold the page against axe's rules and the width of the window."""
        path = re.sub(r"\W+", "-", self.page.url.removeprefix(self.address)).strip("-") or "first-page"
        pictures.save(self.page, f"{self.story}-{next(self._shots):02}-{path[:40]}")
        if not self.page.url.startswith(self.address):
            return  # the page of Exact
        found = self.violations()
        serious = [
            (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
        ]
        assert not serious, (self.page.url, serious)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (self.page.url, f"{wide} pixels wider than the window")

    def is_at(self, step: str, state: str = "") -> bool:
        """Whether the page shows this step, in this state."""
        main = self.page.locator("main")
        here = main.get_attribute("data-step") == step
        return here and (not state or main.get_attribute("data-state") == state)

    def wait_for(self, step: str, state: str = "") -> None:
        """Wait until the page shows this step, in this state, by itself."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not self.is_at(step, state):
            assert time.monotonic() < give_up, (self.page.url, self.page.locator("main").inner_text())
            self.page.wait_for_timeout(300)
        self.look()

    def error_at(self, name: str) -> str:
        """What the page says is wrong with a field; "" when nothing is."""
        found = self.page.locator(f'[data-error-for="{name}"]')
        return str(found.first.inner_text()).strip() if found.count() else ""


@pytest.fixture
def walker(browser: Browser, world: World) -> Iterator[Callable[[str, int, bool], Walker]]:
    contexts = []

    def open_window(story: str, width: int, by_keyboard: bool) -> Walker:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        context.set_default_timeout(30_000)
        contexts.append(context)
        return Walker(context.new_page(), world.installation.url, f"get-started-{story}", by_keyboard)

    yield open_window
    for context in contexts:
        context.close()


def test_by_keyboard_without_a_mistake(
    walker: Callable[[str, int, bool], Walker], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    person = walker("keyboard", 1440, True)
    person.page.goto(person.address)
    person.look()
    person.use(person.page.get_by_role("link", name="Get started").first)
    sign_up(person, world)
    person.write("credentials", world.newcomer.credentials_file)
    person.press("ping")
    person.press("go")
    person.wait_for("exact")
    allow(person, APP_ID, APP_SECRET)
    choose_division(person)
    accept_mapping(person)
    see_the_fit(person)
    post_one(person, world)
    go_live(person, world)
    with capsys.disabled():
        sys.stdout.write(f"\nGet started: {person.clicks} clicks, {person.typed} typed fields\n")
    assert person.clicks <= MOST_CLICKS
    assert person.typed <= MOST_TYPED


def test_on_a_phone_with_mistakes(walker: Callable[[str, int, bool], Walker], world: World) -> None:
    person = walker("phone", 390, False)
    person.page.goto(f"{person.address}/get-started/")
    person.write("company", "Atelier Noord BV")
    person.write("email", "robin@")
    person.write("password", PASSWORD)
    person.press("go")
    assert person.error_at("email")
    assert person.page.locator('[name="company"]').input_value() == "Atelier Noord BV"
    person.write("email", EMAIL)
    person.write("password", PASSWORD)
    person.press("go")
    person.wait_for("verify")
    person.write("code", "WRONG1")
    person.press("go")
    assert person.error_at("code")
    person.write("code", world.code())
    person.press("go")
    person.wait_for("store")
    mistake_the_token(person, world)
    mistake_the_secret(person)
    choose_division(person)
    accept_mapping(person)
    see_the_fit(person)
    change_my_mind(person, world)
    go_live(person, world)


def sign_up(person: Walker, world: World) -> None:
    """From the form to the first step."""
    person.write("company", "Atelier Noord BV")
    person.write("email", EMAIL)
    person.write("password", PASSWORD)
    person.press("go")
    person.wait_for("verify")
    person.write("code", world.code())
    person.press("go")
    person.wait_for("store")


def mistake_the_token(person: Walker, world: World) -> None:
    """Paste a file with a wrong token, and put only the token right."""
    file = world.newcomer.credentials_file
    token = re.findall("ACCESS TOKEN: (.*)", file)[0]
    person.write("credentials", file.replace(token, "not-the-token"))
    person.press("ping")
    assert person.error_at("access_token")
    person.write("access_token", token)
    person.press("ping")
    assert not person.error_at("access_token")
    assert "Atelier Noord" in person.page.locator("main").inner_text()
    person.press("go")
    person.wait_for("exact")


def mistake_the_secret(person: Walker) -> None:
    """Type a wrong client secret: the consent fails, and only the secret is typed again."""
    allow(person, APP_ID, "not-the-secret")
    person.wait_for("exact")
    assert person.error_at("client_secret")
    allow(person, "", APP_SECRET)


def allow(person: Walker, client_id: str, secret: str) -> None:
    """Fill in the app, and consent in Exact. Without a client id the one on the page is kept."""
    if client_id:
        person.write("client_id", client_id)
    person.write("client_secret", secret)
    person.press("go")
    person.use(person.page.get_by_role("link", name="Allow"))


def choose_division(person: Walker) -> None:
    person.wait_for("division")
    person.choose("division", str(DIVISION))
    person.press("ping")
    person.press("go")
    person.wait_for("division", "done")
    person.use(person.page.get_by_role("link", name="Go on"))
    person.wait_for("mapping", "todo")


def accept_mapping(person: Walker) -> None:
    person.press("go")
    person.wait_for("fit")


def see_the_fit(person: Walker) -> None:
    """Nearly all of the shop's orders fit, and the page says how many and how much money."""
    person.press("run", "all")
    person.wait_for("fit", "done")
    fit, orders = map(int, re.findall(r"(\d+) of (\d+) orders", person.page.locator("main").inner_text())[0])
    assert fit >= 0.95 * orders > 0
    person.press("go")
    person.wait_for("look")
    person.press("go")
    person.wait_for("first")


def post_one(person: Walker, world: World) -> None:
    """The proposed order is posted, left open, and kept."""
    before = len(world.sandbox.exact.invoices(DIVISION))
    person.press("post")
    wait_for_button(person, "right")
    assert len(world.sandbox.exact.invoices(DIVISION)) == before + 1
    assert world.sandbox.exact.invoices(DIVISION)[-1]["Status"] == 20
    person.press("right")
    person.wait_for("live")


def change_my_mind(person: Walker, world: World) -> None:
    """Post one, take it out again, and post another."""
    before = len(world.sandbox.exact.invoices(DIVISION))
    person.press("post")
    wait_for_button(person, "remove")
    person.press("remove")
    wait_for_button(person, "post")
    assert len(world.sandbox.exact.invoices(DIVISION)) == before
    post_one(person, world)


def go_live(person: Walker, world: World) -> None:
    """The worker makes the hooks, a shopper orders, and the page says that the order came."""
    person.page.locator('[name="mode"]').first.wait_for()
    if person.page.locator('select[name="mode"]').count():
        person.page.locator('select[name="mode"]').select_option("live")
    else:
        person.choose("mode", "live")
    person.press("go")
    person.wait_for("live", "running")
    sender = world.sandbox.sender(world.installation.url)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (order := world.newcomer.take_an_order(sender)) is None:
        assert time.monotonic() < give_up, "The shop has no hook."
        time.sleep(0.3)
    person.wait_for("live", "done")
    reference = f"-{order.order_id}"
    while not any(str(each.get("YourRef")).endswith(reference) for each in world.sandbox.exact.invoices(DIVISION)):
        assert time.monotonic() < give_up, "The order is not in Exact."
        time.sleep(0.3)


def wait_for_button(person: Walker, name: str) -> None:
    """Wait until the page shows a button by itself."""
    person.page.locator(f'button[name="{name}"]').first.wait_for(timeout=PATIENCE_SECONDS * 1000)
    person.look()
