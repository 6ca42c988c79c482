"""Without Get started: an owner of an empty organisation connects both sides by hand, and an order is posted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.ring import ring
from connector.sandbox.catalogue.shops import NLSHOP
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET
from tests.browser.conftest import Portal
from tests.browser.person import Person

EMAIL, PASSWORD = "owner@acme.example", "look-at-it-once"
FIRST = {
    "tenant": {"slug": "demo", "name": "Acme BV"},
    "users": [{"email": EMAIL, "password": PASSWORD, "role": "owner"}],
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Portal]:
    """Web, worker and sandbox, with an organisation that has an owner and nothing else."""
    with Sandbox() as world:
        variables = {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
        with Installation(world, 0, lambda line: None, variables) as installation:
            installation.provision(FIRST)
            installation.start_web()
            installation.start_worker()
            yield Portal(world, installation, FIRST)


@pytest.fixture
def person(browser: Browser, empty: Portal) -> Iterator[Person]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    owner = Person(context.new_page(), empty.installation.url, "first-look")
    owner.log_in(EMAIL, PASSWORD)
    yield owner
    context.close()


def test_from_an_empty_organisation_to_the_first_invoice(person: Person, empty: Portal) -> None:
    connect_exact(person)
    add_the_store(person)
    join_them(person)
    write_a_rule(person)
    assert [one.status for one in ring(empty.world.store_url, 1001)] == [200]
    row = empty.wait_until(1001, "posted")
    assert (row["exact_number"], row["total"]) == ("26700001", "17.90")


def connect_exact(person: Person) -> None:
    person.open("exactgrant/add")
    person.write("Name", "Exact sandbox")
    person.page.get_by_label("Region").select_option("nl")
    person.write("Client id", CLIENT_ID)
    person.write("Client secret", CLIENT_SECRET)
    person.click("^Save$")
    person.click("^Exact sandbox$")
    person.click("Connect to Exact")
    person.click("^Allow$")
    person.page.get_by_label(re.compile("100001")).check()
    person.click("Use the ticked divisions")


def add_the_store(person: Person) -> None:
    person.open("store/add")
    person.write("Name", NLSHOP.name)
    person.write("Store hash", NLSHOP.store_hash)
    person.write("Prefix", NLSHOP.prefix)
    person.write("Client id", NLSHOP.client_id)
    person.write("Client secret", NLSHOP.client_secret)
    person.write("Access token", NLSHOP.access_token)
    person.click("^Save$")


def join_them(person: Person) -> None:
    person.open("connection/add")
    person.page.get_by_label("Store").select_option(index=1)
    person.page.get_by_label("Division").select_option(index=1)
    person.click("^Go on$")
    chosen = {"mode": "live", "journal": "70", "invoice_template": "Webshop"}
    chosen |= {"item_default": "WEBSHOP", "item_shipping": "SHIP"}
    for name, value in chosen.items():
        person.page.locator(f"select[name={name}]").select_option(value)
    person.write("First day", "01/01/2026")
    person.page.get_by_label("Print invoices").check()
    person.click("^Save$")


def write_a_rule(person: Person) -> None:
    """On the connection's page: every line to GL account 8000."""
    person.click("Edit rules")
    person.click("Add a rule")
    rule = person.page.locator("ol.rules-list > li:visible").last
    rule.locator("select[name$=gl_account]").first.select_option("8000")
    person.write("What changes, and why", "Everything to 8000.")
    person.click("Save as a new version")
