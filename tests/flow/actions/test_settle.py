"""What vouchers paid of an order that was cancelled before its posting stands on its page and on the home page.

A person who has settled it says so, and then it is listed no more.
"""

from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.actions.settle import settle
from connector.flow.actions.transaction import NotPossible
from connector.models import OrderSync
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.payment.test_receipt import PAYMENTS

SAID = "7.90 EUR, paid by store credit or gift certificate and not given back when the order was cancelled"
LISTED = "To settle by hand in Exact"


def cancelled(acme: Acme, shop: Store) -> None:
    """Order 1001, paid in part by vouchers, is cancelled before it is seen."""
    shop.change(1001, gift_certificate_amount="5.0000", store_credit_amount="2.9000")
    shop.cancel(1001)
    post(acme)


def home(owner: Client) -> str:
    return owner.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("payments", [PAYMENTS, "off"])
def test_it_is_listed_until_it_is_settled(acme: Acme, shop: Store, owner: Client, payments: Any) -> None:
    acme.configure(payments=payments)
    cancelled(acme, shop)
    document = acme.document(1001)
    assert (document.state, document.reason, document.to_settle) == ("skipped", "status", D("7.90"))
    assert acme.in_exact(1001) == {}
    assert [each.code for each in document.causes] == ["status_not_posted", "vouchers_of_cancelled"]
    assert SAID in owner.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()
    assert LISTED in home(owner)
    answer = owner.post(reverse("admin:connector_ordersync_do", args=[document.pk, "settle"]), {"reason": WHY})
    assert answer.status_code == 302
    assert LISTED not in home(owner)
    assert [each.code for each in acme.document(1001).causes] == ["status_not_posted"]
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).to_settle is None
    with pytest.raises(NotPossible, match="Nothing of it waits"):
        settle(acme.document(1001), None, WHY)


def test_an_amount_that_changed_meanwhile_is_not_settled(acme: Acme, shop: Store) -> None:
    cancelled(acme, shop)
    seen = acme.document(1001)
    settle(acme.document(1001), None, WHY)  # another person
    seen_elsewhere = OrderSync.objects.filter(pk=seen.pk)
    for now in (None, D("5.00")):
        seen_elsewhere.update(to_settle=now)
        with pytest.raises(NotPossible, match=r"Nothing of it waits|The amount changed just now"):
            settle(seen, None, WHY)
    assert acme.document(1001).to_settle == D("5.00")
    assert seen.history.filter(data__action="settle").count() == 1


@pytest.mark.parametrize("now", [{"state": "blocked", "reason": "rejected"}, {"state": "skipped", "reason": "shadow"}])
def test_an_amount_of_what_may_still_be_posted_is_not_settled(acme: Acme, shop: Store, now: dict[str, str]) -> None:
    cancelled(acme, shop)
    OrderSync.objects.filter(order_id=1001).update(**now)
    with pytest.raises(NotPossible, match="Nothing of it waits"):
        settle(acme.document(1001), None, WHY)
    assert acme.document(1001).to_settle == D("7.90")


def test_what_vouchers_paid_of_an_edited_order_is_listed_once(acme: Acme, shop: Store) -> None:
    """The second invoice has only what they paid since."""
    acme.configure(edits="credit_and_repost")
    shop.change(1001, gift_certificate_amount="5.0000", store_credit_amount="2.9000")
    settle(post(acme), None, WHY)
    line = shop.orders[1001].products[0]
    shop.edit(1001, line["id"], quantity=line["quantity"] + 1)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert invoices() == {1: None, 2: None}
    shop.edit(1001, line["id"], quantity=line["quantity"] + 1)
    shop.change(1001, store_credit_amount="4.0000")
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert invoices() == {1: None, 2: None, 3: D("1.10")}


def invoices() -> dict[int, D | None]:
    rows = OrderSync.objects.filter(order_id=1001, kind="invoice", state="posted")
    return dict(rows.values_list("sequence", "to_settle"))
