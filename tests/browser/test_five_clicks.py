"""From the home page, in at most five clicks: the cause is told, mended, and the order is posted."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import DIVISION, Office
from tests.browser.person import Person

SHIPPING = "8100"


def test_a_wrong_vat_code(owner: Person, office: Office) -> None:
    rule = {"when": {"country": ["NL"], "rate": "21"}, "code": "4"}
    with office.provisioned(vat=[rule, *office.file["connections"][0]["vat"]]), blocked(office, "vat/VATCodes", "4"):
        office.place(1017)
        office.wait_until(1017, "blocked", "rejected")
        owner.go_home()
        assert "Exact does not take the VAT code" in owner.read()
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
        office.wait_until(1017, "posted")


def test_a_blocked_customer(owner: Person, office: Office) -> None:
    office.place(1003)
    office.wait_until(1003, "posted")
    (bram,) = [row["ID"] for row in office.world.exact.accounts(DIVISION) if row["Email"] == "bram@shopper.example"]
    office.world.exact.change(DIVISION, "crm/Accounts", bram, Blocked=True)
    office.place(1012)
    office.wait_until(1012, "blocked")
    owner.go_home()
    assert "blocked" in owner.read()
    assert "customer" in owner.read().casefold()
    office.world.exact.change(DIVISION, "crm/Accounts", bram, Blocked=False)  # what the page asks for, at Exact
    owner.click("1 document")
    owner.click("^Re-post$")
    owner.write("Reason", "The account is open again.")
    owner.click("^Re-post$")
    assert owner.clicks <= 5
    office.wait_until(1012, "posted")


def test_a_revoked_token(owner: Person, office: Office) -> None:
    office.world.exact.revoke()
    office.place(1014)
    office.wait_for(lambda: "no longer takes the consent" in home(owner))
    assert office.row(1014)["state"] in {"pending", "waiting"}
    owner.go_home()
    owner.click("^Connect it$")
    owner.click("Connect to Exact")
    owner.click("allow")
    assert owner.clicks <= 5
    office.wait_until(1014, "posted")


def test_a_deleted_gl_account(owner: Person, office: Office) -> None:
    exact = office.world.exact
    key = exact.id_of(DIVISION, "financial/GLAccounts", SHIPPING)
    account = exact.remove(DIVISION, "financial/GLAccounts", key)
    try:
        office.place(1015)
        office.wait_until(1015, "blocked", "rejected")
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
        office.wait_until(1015, "posted")
    finally:
        exact.put_back(DIVISION, "financial/GLAccounts", key, account)
        office.provision(office.file)


def test_a_paused_connection(owner: Person, office: Office) -> None:
    owner.open("connection")
    owner.click("Kade Webwinkel")
    owner.write("Reason", "Stocktaking.")
    owner.click("^Pause$")
    office.place(1016)
    office.wait_until(1016, "pending")
    owner.go_home()
    assert "is paused" in owner.read()
    owner.click("^Resume it$")
    owner.write("Reason", "Stocktaking is over.")
    owner.click("^Resume$")
    assert owner.clicks <= 5
    office.wait_until(1016, "posted")


def home(person: Person) -> str:
    """What the home page says now."""
    person.page.goto(f"{person.address}/admin/")
    return person.read()


@contextmanager
def blocked(office: Office, endpoint: str, code: str) -> Iterator[None]:
    """Somebody blocks a code in Exact, and after the story opens it again."""
    key = office.world.exact.id_of(DIVISION, endpoint, code)
    office.world.exact.change(DIVISION, endpoint, key, IsBlocked=True)
    try:
        yield
    finally:
        office.world.exact.change(DIVISION, endpoint, key, IsBlocked=False)
