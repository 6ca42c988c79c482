"""Our reference on a document, where prefix, order and refund have the longest numbers."""

from decimal import Decimal

from connector.models import Store
from tests.acme import Acme
from tests.cases.outcome import books, credits_of, item, refund
from tests.cases.scene import place, setting
from tests.cases.shop import basket


def test_long_reference() -> None:
    one = item("PRODUCT", 1, quantity=1)
    given = refund("24.20", "4.20", one, number=7654321)
    (found,) = credits_of(basket(id=12345678), [given], books(prefix="WEBSHOPNL1"))
    assert found.total == "-24.20"
    assert found.draft
    assert found.draft.reference == "WEBSHOPNL1-12345678-C7654321"
    assert found.draft.payment_reference == "3F52CA-12345678-C7654321"


def test_exact_takes_it(acme: Acme) -> None:
    Store.objects.filter(pk=acme.store.pk).update(prefix="WEBSHOPNL1")
    setting(acme, refunds="credit")
    place(acme, {12345678: basket()})
    given = refund("24.20", "4.20", item("PRODUCT", 1, quantity=1), number=7654321)
    place(acme, {12345678: basket(status_id=14)}, {12345678: [given]})
    (credit,) = acme.credits(12345678)
    assert (credit.state, credit.total) == ("posted", Decimal("-24.20")), credit.message
