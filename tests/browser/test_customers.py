"""Customers in a real browser: pull them, choose an account in the match report, and decide what both sides changed."""

from tests.browser.conftest import DIVISION, Portal
from tests.browser.person import Person

COMPANY = "Bakkerij De Kade"


def test_an_owner_pulls_customers_chooses_and_decides(owner: Person, portal: Portal) -> None:
    shop, exact = portal.world.stores.store("nlshop1"), portal.world.exact
    accounts = [
        exact.add_account(DIVISION, Name=COMPANY, Email="kade@bakery.example", Status="C", City=f"Plaats {number}")
        for number in (1, 2)
    ]
    customer = shop.add_customer(email="kade@bakery.example", first_name="Kim", last_name="Kade", company=COMPANY)
    pull(owner, portal)
    assert "1 waits for a person's choice." in owner.read()
    owner.click("^Choose$")
    assert "Plaats 1" in owner.read()
    assert "Plaats 2" in owner.read()
    owner.page.locator("input[type=radio]").first.check()
    owner.click("Keep the choices of this page")
    assert "The next run links it." in owner.read()
    pull(owner, portal)
    owner.page.goto(f"{owner.address}/admin/connector/customerlink/?q={customer['id']}")
    owner.page.locator("table a").filter(has_text=COMPANY).first.click()
    owner.page.wait_for_load_state()
    owner.shoot("both sides")
    assert "Both sides" in owner.read()
    shop.change_customer(customer["id"], email="shop@bakery.example")
    for account in accounts:
        exact.edit(DIVISION, account, Email="books@bakery.example")
    owner.click("^Pull now$")
    assert "E-mail and phone: both sides changed" in owner.read()
    owner.click("^Exact's is right$")
    owner.click("^Pull now$")
    assert "both sides changed" not in owner.page.locator("h2").all_inner_texts()
    assert shop.customers[customer["id"]]["email"] == "books@bakery.example"
    assert "shop@bakery.example" in owner.read()  # the value that gave way stands in the history


def pull(owner: Person, portal: Portal) -> None:
    """Pull all customers, and wait for the end."""
    owner.open("customerlink")
    owner.click("Kade Webwinkel")
    owner.click("^Pull$")
    portal.wait_for(lambda: "Ended on" in owner.read() and "looks again" not in owner.read())
    owner.shoot("pulled")
