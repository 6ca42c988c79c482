"""Month end in a real browser: compare, see what differs, accept it, close the month and open it again."""

from datetime import datetime

from tests.browser.conftest import DIVISION, Portal
from tests.browser.person import Person

ORDER = 1016
INVOICES = "salesinvoice/SalesInvoices"


def test_an_owner_compares_a_month_and_closes_it(owner: Person, portal: Portal) -> None:
    portal.place(ORDER)
    row = portal.wait_until(ORDER, "posted")
    portal.world.exact.change(DIVISION, INVOICES, row["exact_id"], InvoiceDate=datetime.fromisoformat("2026-01-30"))
    owner.open("connection")
    owner.click("Kade Webwinkel")
    owner.click("^Months$")
    owner.click("January 2026")
    owner.click("Compare with Exact")
    portal.wait_for(lambda: "It is being compared" not in owner.read() and "Both sides" in owner.read())
    owner.shoot("compared")
    assert "2026-01-30" in owner.read()
    assert owner.page.locator(".month-chart svg g").count() >= 31
    accepted = owner.page.locator("div").filter(has_text=f"-{ORDER} ").last
    owner.page.locator("input[name=reason]").first.fill("Agreed with the accountant.")
    owner.click("Accept with this reason", within=accepted)
    owner.page.locator("form").filter(has_text="Close the month").locator("input[name=reason]").fill("Filed.")
    owner.click("Close the month")
    assert "Closed on" in owner.read()
    owner.page.locator("form").filter(has_text="Open the month again").locator("input[name=reason]").fill("Forgotten.")
    owner.click("Open the month again")
    assert "Closed on" not in owner.read()
