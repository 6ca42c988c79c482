"""A person in the portal, who finds things by the words on the page. Clicks are counted."""

import itertools
import re

from playwright.sync_api import ConsoleMessage, Locator, Page

from tests.browser import pictures


class Person:
    """A browser window of a person who is logged in. A picture of every step is saved, when wanted."""

    def __init__(self, page: Page, address: str, story: str) -> None:
        self.page = page
        self.address = address
        self.story = story
        self.clicks = 0
        self._shots = itertools.count(1)
        self.refused: list[str] = []
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            self.refused.append(said.text)

    def log_in(self, email: str, password: str) -> None:
        """From the log-in page to the home page."""
        self.page.goto(f"{self.address}/admin/")
        self.page.get_by_label(re.compile("e-mail", re.I)).fill(email)
        self.page.get_by_label(re.compile("password", re.I)).first.fill(password)
        self.page.get_by_role("button", name=re.compile("log in", re.I)).click()
        self.go_home()

    def go_home(self) -> None:
        """Go to the home page and count clicks from zero."""
        self.page.goto(f"{self.address}/admin/")
        self.clicks = 0
        self.shoot("home")

    def open(self, model: str) -> None:
        """Go to a list by its address, not counted."""
        self.page.goto(f"{self.address}/admin/connector/{model}/")
        self.shoot(model)

    def click(self, text: str, *, within: Locator | None = None) -> None:
        """Click the first link or button with these words."""
        place = within or self.page
        words = re.compile(text, re.I)
        target = place.get_by_role("link", name=words).or_(place.get_by_role("button", name=words))
        target = target.or_(place.locator("summary").filter(has_text=words))
        target.first.click()
        self.clicks += 1
        self.page.wait_for_load_state()
        self.shoot(text)

    def rule(self, text: str) -> Locator:
        """The row of a rule on the page of rules, found by what it says."""
        return self.page.locator("ol.rules-list > li").filter(has_text=text).first

    def write(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(value)

    def read(self) -> str:
        """Everything that the page says."""
        return str(self.page.locator("body").inner_text())

    def shoot(self, name: str) -> None:
        """Save a picture. No page asks for what its own rules refuse."""
        assert not self.refused, self.refused
        slug = re.sub(r"\W+", "-", name.casefold()).strip("-")[:40]
        pictures.save(self.page, f"{self.story}-{next(self._shots):02}-{slug}")
