"""Whose account an order is booked on."""

import pytest

from connector.sandbox.exact.state import Row
from tests.acme import DIVISION, Acme
from tests.cases.scene import place
from tests.cases.shop import line, order


def account_of(acme: Acme, order_id: int) -> Row:
    """The account in Exact that the order's invoice was made for."""
    wanted = acme.invoice(order_id)["InvoiceTo"]
    return next(row for row in acme.sandbox.exact.accounts(DIVISION) if row["ID"] == wanted)


def test_names_all_empty(acme: Acme) -> None:
    """A guest without a name has an account that is named by the e-mail address."""
    nobody = {"first_name": "", "last_name": ""}
    place(acme, {2019: order(line(), email="v2019@example.com", address=nobody)})
    assert acme.document(2019).total == acme.total(2019), acme.document(2019).message
    assert account_of(acme, 2019)["Name"] == "v2019@example.com"


@pytest.mark.parametrize("email", ["", " "])
def test_email_empty_customer(acme: Acme, email: str) -> None:
    """A guest without an e-mail address is like any other: the order is held."""
    place(acme, {2020: order(line(), email=email)})
    document = acme.document(2020)
    assert (document.state, document.reason) == ("blocked", "customer")
    assert "e-mail" in document.message
