"""From the home page a person sees the cause, fixes it, and the order is posted: in at most five clicks."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import DIVISION, Portal
from tests.browser.person import Person

SHIPPING = "8100"


def test_a_wrong_vat_code(owner: Person, portal: Portal) -> None:
    rule = {"when": {"country": ["NL"], "rate": "21"}, "code": "4"}
    with portal.provisioned(vat=[rule, *portal.file["connections"][0]["vat"]]), blocked(portal, "vat/VATCodes", "4"):
        portal.place(1017)
        portal.wait_until(1017, "blocked", "rejected")
        owner.go_home()
        assert "Exact does not accept the VAT code" in owner.read()
        owner.click("Go to its VAT rules")
        row = owner.rule("VAT code 4")
        owner.click("^Change$", within=row)
        row.locator("select[name$=code]").select_option("2")
        owner.write("What changes, and why", "Code 4 is blocked; 2 is the same rate with VAT included.")
        owner.click("Save as a new version")
        owner.click("Re-post what was refused")
        owner.write("Reason", "The VAT rule was corrected.")
        owner.click("^Re-post$")
        assert owner.clicks == 5
        portal.wait_until(1017, "posted")


def test_a_blocked_customer(owner: Person, portal: Portal) -> None:
    portal.place(1003)
    portal.wait_until(1003, "posted")
    (bram,) = [row["ID"] for row in portal.world.exact.accounts(DIVISION) if row["Email"] == "bram@shopper.example"]
    portal.world.exact.change(DIVISION, "crm/Accounts", bram, Blocked=True)
    portal.place(1012)
    portal.wait_until(1012, "blocked")
    owner.go_home()
    assert "blocked" in owner.read()
    assert "customer" in owner.read().casefold()
    portal.world.exact.change(DIVISION, "crm/Accounts", bram, Blocked=False)  # what the page asks for, at Exact
    owner.click("1 document")
    owner.click("^Re-post$")
    owner.write("Reason", "The account is open again.")
    owner.click("^Re-post$")
    assert owner.clicks <= 5
    portal.wait_until(1012, "posted")


def test_a_revoked_token(owner: Person, portal: Portal) -> None:
    portal.world.exact.revoke()
    portal.place(1014)
    portal.wait_for(lambda: "no longer takes the consent" in home(owner))
    assert portal.row(1014)["state"] in {"pending", "waiting"}
    owner.go_home()
    owner.click("^Connect it$")
    owner.click("Connect to Exact")
    owner.click("allow")
    assert owner.clicks <= 5
    portal.wait_until(1014, "posted")


def test_a_deleted_gl_account(owner: Person, portal: Portal) -> None:
    exact = portal.world.exact
    key = exact.id_of(DIVISION, "financial/GLAccounts", SHIPPING)
    account = exact.remove(DIVISION, "financial/GLAccounts", key)
    try:
        portal.place(1015)
        portal.wait_until(1015, "blocked", "rejected")
        owner.go_home()
        assert "GL account" in owner.read()
        owner.click("Go to its rules")
        row = owner.rule(f"line: shipping → GL account {SHIPPING}")
        owner.click("^Change$", within=row)
        row.locator("select[name$=gl_account]").select_option("8200")
        owner.write("What changes, and why", "8100 is gone; shipping is booked on 8200.")
        owner.click("Save as a new version")
        owner.click("Re-post what was refused")
        owner.write("Reason", "Shipping has another account.")
        owner.click("^Re-post$")
        assert owner.clicks == 5
        portal.wait_until(1015, "posted")
    finally:
        exact.put_back(DIVISION, "financial/GLAccounts", key, account)
        portal.provision(portal.file)


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


def home(person: Person) -> str:
    """What the home page says now."""
    person.page.goto(f"{person.address}/admin/")
    return person.read()


@contextmanager
def blocked(portal: Portal, endpoint: str, code: str) -> Iterator[None]:
    """Block a code in Exact, and open it again after the test."""
    key = portal.world.exact.id_of(DIVISION, endpoint, code)
    portal.world.exact.change(DIVISION, endpoint, key, IsBlocked=True)
    try:
        yield
    finally:
        portal.world.exact.change(DIVISION, endpoint, key, IsBlocked=False)
