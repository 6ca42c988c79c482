"""The portal in a real browser: consent, test connection, approve, re-post."""

from tests.browser.conftest import DIVISION, Portal
from tests.browser.person import Person


def test_the_owner_connects_to_exact(owner: Person, portal: Portal) -> None:
    owner.open("exactgrant")
    owner.click("Exact sandbox")
    owner.click("Connect to Exact")
    assert owner.page.url.startswith(portal.world.exact_url)
    owner.click("allow")
    assert owner.page.url.startswith(f"{owner.address}/admin/connector/exactgrant/")
    assert "Robin Zandbak" in owner.read()


def test_the_owner_tests_a_connection(owner: Person) -> None:
    owner.open("connection")
    owner.click("Kade Webwinkel")
    owner.click("Test connection")
    assert "Both sides work" in owner.read()


def test_the_owner_approves_what_waits(owner: Person, portal: Portal) -> None:
    choose_mode(owner, "approval")
    try:
        portal.place(1001)
        portal.wait_until(1001, "awaiting_approval")
        owner.go_home()
        owner.click("awaiting approval")
        owner.click("^1001$")
        assert "Webshop article" in owner.read() or "MUG" in owner.read() or "Lines" in owner.read()
        owner.click("^Approve$")
        owner.write("Reason", "Looked at every line.")
        owner.click("^Approve$")
        row = portal.wait_until(1001, "posted")
        assert owner.clicks <= 5
    finally:
        choose_mode(owner, "live")
    (invoice,) = [each for each in portal.world.exact.invoices(DIVISION) if each["InvoiceID"] == row["exact_id"]]
    assert invoice["Status"] == 50


def test_the_owner_posts_again_what_failed(owner: Person, portal: Portal) -> None:
    portal.let_an_hour_pass()
    portal.world.exact.faults.add("403:NoDivisionAccess", "POST", "*SalesInvoices*")
    portal.place(1002)
    portal.wait_until(1002, "blocked", "internal")
    owner.go_home()
    owner.click("blocked")
    owner.click("^1002$")
    owner.click("^Re-post$")
    owner.write("Reason", "The right was given back.")
    owner.click("^Re-post$")
    portal.wait_until(1002, "posted")
    owner.page.reload()
    assert "The right was given back." in owner.read()


def test_the_accountant_has_an_order_booked_as_a_sales_entry(owner: Person, portal: Portal) -> None:
    choose(owner, document="sales_entry")
    owner.click("Exact rounds")
    owner.page.get_by_label("Send the shop's VAT amount").check()
    owner.click("^Save$")
    try:
        portal.place(1023)
        row = portal.wait_until(1023, "posted")
        owner.open("ordersync")
        owner.click("^1023$")
        assert "Sales entry" in owner.read()
        assert "It is booked and final." in owner.read()
    finally:
        choose(owner, document="sales_invoice")
        owner.click("Exact rounds")
        owner.page.get_by_label("Send the shop's VAT amount").uncheck()
        owner.click("^Save$")
    (entry,) = portal.world.exact.entries(DIVISION)
    assert entry["EntryID"] == row["exact_id"]
    assert str(entry["AmountFC"]) == row["total"]


def test_a_paused_connection(owner: Person, portal: Portal) -> None:
    owner.open("connection")
    owner.click("Kade Webwinkel")
    owner.write("Reason", "Stocktaking.")
    owner.click("^Pause$")
    portal.place(1016)
    portal.wait_until(1016, "pending")
    owner.go_home()
    assert "is paused" in owner.read()
    owner.click("^Resume it$")
    owner.write("Reason", "Stocktaking is over.")
    owner.click("^Resume$")
    assert owner.clicks <= 5
    portal.wait_until(1016, "posted")


def test_a_link_to_a_setting_opens_its_group(owner: Person) -> None:
    owner.open("connection")
    owner.click("Kade Webwinkel")
    setting = owner.page.locator("select[name=guest_strategy]")
    assert not setting.is_visible()
    owner.page.goto(f"{owner.page.url}#id_guest_strategy")
    setting.wait_for(state="visible")


def choose_mode(person: Person, mode: str) -> None:
    """Set what the connection does with an order."""
    choose(person, mode=mode)
    person.click("^Save$")


def choose(person: Person, **settings: str) -> None:
    """Choose from the lists of the connection's page; it is not saved yet."""
    person.open("connection")
    person.click("Kade Webwinkel")
    for name, value in settings.items():
        person.page.locator(f"select[name={name}]").select_option(value)
