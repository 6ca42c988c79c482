"""The step that shows five orders beside their invoices."""

from tests.acme import Acme
from tests.onboarding.conftest import Walker, tried


def test_five_orders_stand_beside_their_invoices_cent_by_cent(acme: Acme, mapped: Walker) -> None:
    run = tried(mapped)
    calls = acme.exact_calls("*"), acme.store_calls()
    assert mapped.press("fit", "go") == "look"
    assert all(f"Order {order_id} of" in mapped.page for order_id in run.five)
    assert mapped.page.count("Difference: 0.00") == 5
    assert "rule 1000, version 1" in mapped.page
    assert (acme.exact_calls("*"), acme.store_calls()) == calls
    assert mapped.press("look", "go") == "first"
