"""Nine causes, each put right from the home page in at most four clicks. The clicks are printed.

One installation serves all of them, and other files: no order here is used there. Each walk ends with its order in
Exact, and leaves Exact and the rules as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from connector.sandbox.exact.invoice_checks import GL_ACCOUNTS, ITEMS, VAT_CODES
from tests.browser.conftest import CLICKS, DIVISION, Portal
from tests.browser.person import Person

MOST_CLICKS = 4
ACCOUNTS = "crm/Accounts"
BRAM = "bram@shopper.example"


@pytest.fixture(autouse=True)
def an_hour_later(portal: Portal) -> None:
    """Exact's refusals in one walk close no endpoint for the next."""
    portal.let_an_hour_pass()


@pytest.fixture(autouse=True)
def counted(owner: Person, request: pytest.FixtureRequest) -> Iterator[None]:
    """No walk needs more clicks. Their number is printed at the end of the run."""
    yield
    request.node.user_properties.append((CLICKS, owner.clicks))
    assert owner.clicks <= MOST_CLICKS


def test_a_vat_code_that_is_gone(owner: Person, portal: Portal) -> None:
    rule = {"when": {"country": ["NL"], "rate": "21"}, "code": "2"}
    with portal.provisioned(vat=[rule, *portal.file["connections"][0]["vat"]]), gone(portal, VAT_CODES, "2"):
        hold(portal, 1017)
        task(owner, "VAT code 2 is not in Exact")
        owner.click("Choose another VAT code")
        row = owner.page.locator("li.asked")
        assert in_sight(owner, row)
        assert focused(owner).endswith("-code")
        row.locator("select[name$=code]").select_option("4")
        owner.click("Save as a new version")
        arrives(owner, portal, 1017)


def test_a_rate_without_a_vat_code(owner: Person, portal: Portal) -> None:
    """Beside the nine: the answer is known, so the rule is filled in."""
    with gone(portal, VAT_CODES, "2"):
        hold(portal, 1022)
        task(owner, "No VAT code for 21 % in NL")
        owner.click("Add VAT rule NL 21 %")
        assert owner.page.locator("li.asked select[name$=code]").input_value() == "4"
        owner.click("Save as a new version")
        arrives(owner, portal, 1022)
    portal.provision(portal.file)


def test_an_item_that_is_gone(owner: Person, portal: Portal) -> None:
    with gone(portal, ITEMS, "SHIP"):
        hold(portal, 1013)
        task(owner, "Item SHIP is not in Exact")
        owner.click("Choose another item")
        field = owner.page.locator("select[name=item_shipping]")
        assert in_sight(owner, field)
        assert focused(owner) == "item_shipping"
        field.select_option("WEBSHOP")
        owner.click("^Save$")
        arrives(owner, portal, 1013)
    portal.provision(portal.file)


def test_an_account_that_is_blocked(owner: Person, portal: Portal) -> None:
    portal.place(1003)
    portal.wait_until(1003, "posted")
    key = account(portal, BRAM)
    portal.world.exact.change(DIVISION, ACCOUNTS, key, Blocked=True)
    hold(portal, 1012)
    task(owner, "Bram Visser is blocked in Exact")
    with owner.page.context.expect_page() as opened:
        owner.click("Unblock account")
    assert "CRMAccountCard.aspx" in opened.value.url
    assert key in opened.value.url
    opened.value.close()
    portal.world.exact.change(DIVISION, ACCOUNTS, key, Blocked=False)  # what the person does there
    owner.click("^Try again$")
    arrives(owner, portal, 1012, said="1 went through")


def test_an_account_that_was_deleted(owner: Person, portal: Portal) -> None:
    """Nobody has to do anything: the customer is matched again."""
    key = account(portal, BRAM)
    portal.world.exact.divisions[DIVISION].delete(ACCOUNTS, key)
    portal.place(1014)
    portal.wait_until(1014, "posted")
    owner.go_home()
    assert "Nothing needs you now." in owner.read()


def test_a_period_that_is_closed(owner: Person, portal: Portal) -> None:
    division = portal.world.exact.divisions[DIVISION]
    periods = {(row["FinYear"], row["FinPeriod"]) for row in division.table("financial/FinancialPeriods").values()}
    division.closed_periods.update(periods)
    try:
        hold(portal, 1015)
    finally:
        division.closed_periods.clear()
    task(owner, "is closed in Exact")
    open_in_exact(owner)
    owner.click("^Try again$")
    arrives(owner, portal, 1015, said="1 went through")


def test_a_year_that_is_closed(owner: Person, portal: Portal) -> None:
    division = portal.world.exact.divisions[DIVISION]
    division.fiscal_years = {1999}
    try:
        hold(portal, 1018)
    finally:
        division.fiscal_years = None
    task(owner, "is closed in Exact")
    open_in_exact(owner)
    owner.click("^Try again$")
    arrives(owner, portal, 1018, said="1 went through")


def test_a_gl_account_that_is_blocked(owner: Person, portal: Portal) -> None:
    key = portal.world.exact.id_of(DIVISION, GL_ACCOUNTS, "8100")
    portal.world.exact.change(DIVISION, GL_ACCOUNTS, key, IsBlocked=True)
    try:
        hold(portal, 1019)
        task(owner, "GL account 8100 is blocked in Exact")
        owner.click("Choose another GL account")
        rows = owner.page.locator("li.asked")
        assert rows.count() == 2
        assert focused(owner).endswith("-gl_account")
        for row in rows.all():
            row.locator("select[name$=gl_account]").select_option("8200")
        owner.click("Save as a new version")
        arrives(owner, portal, 1019)
    finally:
        portal.world.exact.change(DIVISION, GL_ACCOUNTS, key, IsBlocked=False)
        portal.provision(portal.file)


def test_a_consent_that_ended(owner: Person, portal: Portal) -> None:
    portal.world.exact.revoke()
    portal.place(1021)
    task(owner, "no longer takes the consent")
    owner.click("^Connect it$")
    owner.click("Connect to Exact")
    owner.click("allow")
    portal.wait_until(1021, "posted")


def test_a_store_token_that_ended(owner: Person, portal: Portal) -> None:
    token = portal.file["stores"][0]["access_token"]
    faults = portal.world.stores.faults
    faults.add("401", times=-1)
    try:
        portal.place(1020)
        task(owner, "BigCommerce refuses the API account")
    finally:
        faults.clear()
    owner.click("^Connect it$")
    assert focused(owner) == "new_access_token"
    owner.page.locator("[name=new_access_token]").fill(token)
    owner.click("^Save$")
    portal.wait_until(1020, "posted")


def hold(portal: Portal, order_id: int) -> None:
    """Place an order, and wait until the cause holds it."""
    portal.place(order_id)
    portal.wait_until(order_id, "blocked")


def task(owner: Person, title: str) -> None:
    """Go to the home page when it has the task."""
    tasks = owner.page.locator("section[aria-labelledby=to-do] li")

    def is_there() -> bool:
        owner.page.goto(f"{owner.address}/admin/")
        return any(title in text for text in tasks.all_inner_texts())

    portal_waits(is_there)
    owner.clicks = 0
    owner.shoot("task")
    (text,) = tasks.all_inner_texts()
    assert title in text


def portal_waits(what: Any) -> None:
    """Wait for something on a page."""
    for _again in range(200):
        if what():
            return
    raise AssertionError("It took too long.")


def arrives(owner: Person, portal: Portal, order_id: int, *, said: str = "Posted: 1.") -> None:
    """The page that the person is on says that the order is posted, without any click."""
    owner.shoot("tried again")
    owner.page.get_by_text(said).first.wait_for(timeout=60_000)
    owner.shoot("arrived")
    portal.wait_until(order_id, "posted")


def open_in_exact(owner: Person) -> None:
    """Go to the division in Exact, in a window of its own."""
    with owner.page.context.expect_page() as opened:
        owner.click("Open the period in Exact")
    assert "MenuPortal.aspx" in opened.value.url
    opened.value.close()


def in_sight(owner: Person, place: Any) -> bool:
    """Whether a place is within the window, without scrolling."""
    owner.page.locator(".asked").first.wait_for()
    box, window = place.first.bounding_box(), owner.page.viewport_size
    return bool(box and window and 0 <= box["y"] <= window["height"])


def focused(owner: Person) -> str:
    """The name of the field that has the focus; of a list that is searched, the box before it."""
    owner.page.locator(".asked").first.wait_for()
    return str(
        owner.page.evaluate(
            "document.activeElement.name || document.activeElement.closest('.related-widget-wrapper, div')"
            "?.querySelector('select')?.name || ''"
        )
    )


def account(portal: Portal, email: str) -> str:
    """The id of an account in Exact."""
    return str(next(row["ID"] for row in portal.world.exact.accounts(DIVISION) if row["Email"] == email))


@contextmanager
def gone(portal: Portal, endpoint: str, code: str) -> Iterator[None]:
    """Remove a code from Exact after the master data was read, and put it back after the walk."""
    exact = portal.world.exact
    key = exact.id_of(DIVISION, endpoint, code)
    row = exact.remove(DIVISION, endpoint, key)
    try:
        yield
    finally:
        exact.put_back(DIVISION, endpoint, key, row)
