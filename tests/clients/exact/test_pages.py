"""Addresses of Exact's own pages."""

from connector.clients.exact.pages import account_page, division_page

BASE = "https://start.exactonline.be"


def test_a_divisions_first_page() -> None:
    assert division_page(BASE, 123456) == f"{BASE}/docs/MenuPortal.aspx?_Division_=123456"


def test_an_accounts_card_has_its_id_in_braces() -> None:
    found = account_page(BASE, 123456, "cd39168b-b48e-4688-8398-8d146a391fe8")
    assert found == (
        f"{BASE}/docs/CRMAccountCard.aspx?_Division_=123456&AccountID=%7Bcd39168b-b48e-4688-8398-8d146a391fe8%7D"
    )
