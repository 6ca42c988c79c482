"""The invariants of the runner: each wrong thing is noticed, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.models import Connection, Delivery, OrderSync
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from connector.sandbox.http.messages import Call
from tests.acme import DIVISION, STORE
from tests.faults import invariants
from tests.faults.setup.simulation import Simulation

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
INVOICES = "salesinvoice/SalesInvoices"


@pytest.fixture
def credited(simulation: Simulation) -> Simulation:
    """Order 1001 is invoiced, and a piece of it credited."""
    Connection.objects.update(refunds="credit")
    simulation.deliver(1001)
    simulation.until_quiet()
    shop = simulation.sandbox.stores.store(STORE)
    shop.refund(1001, {shop.orders[1001].products[0]["id"]: 1})
    simulation.deliver(1001, scope=REFUNDED)
    simulation.until_quiet()
    assert simulation.breaches() == []
    return simulation


def note(simulation: Simulation) -> str:
    return OrderSync.objects.get(kind="credit").exact_id


def it_is_of_another_amount(simulation: Simulation) -> None:
    simulation.sandbox.exact.change(DIVISION, INVOICES, note(simulation), AmountFC=Decimal("-0.01"))


def it_has_other_vat(simulation: Simulation) -> None:
    simulation.sandbox.exact.change(DIVISION, INVOICES, note(simulation), VATAmountFC=Decimal("-9.99"))


def it_is_an_invoice(simulation: Simulation) -> None:
    simulation.sandbox.exact.change(DIVISION, INVOICES, note(simulation), Type=8020)


def it_is_open(simulation: Simulation) -> None:
    simulation.sandbox.exact.change(DIVISION, INVOICES, note(simulation), Status=20)


def it_is_gone(simulation: Simulation) -> None:
    simulation.sandbox.exact.remove(DIVISION, INVOICES, note(simulation))


def it_is_there_twice(simulation: Simulation) -> None:
    row = simulation.sandbox.exact.divisions[DIVISION].table(INVOICES)[note(simulation)]
    simulation.sandbox.exact.put_back(DIVISION, INVOICES, "twice", {**row, "InvoiceID": "twice"})


def there_is_an_unexpected_one_too(simulation: Simulation) -> None:
    row = simulation.sandbox.exact.divisions[DIVISION].table(INVOICES)[note(simulation)]
    simulation.sandbox.exact.put_back(
        DIVISION, INVOICES, "other", {**row, "InvoiceID": "other", "YourRef": "NLS-1001-C99"}
    )


def its_row_is_gone(simulation: Simulation) -> None:
    OrderSync.objects.filter(kind="credit").delete()


WRONG: dict[Callable[[Simulation], None], str] = {
    it_is_of_another_amount: "difference",
    it_has_other_vat: "difference",
    it_is_an_invoice: "difference",
    it_is_open: "difference",
    it_is_gone: "lost",
    it_is_there_twice: "duplicate",
    there_is_an_unexpected_one_too: "duplicate",
    its_row_is_gone: "lost",
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_credit_note_is_noticed(what: Callable[[Simulation], None], credited: Simulation) -> None:
    what(credited)
    assert WRONG[what] in {breach.heading for breach in credited.breaches()}


def test_a_changed_row_of_another_tenant_is_noticed(simulation: Simulation) -> None:
    rows = invariants.Rows(simulation.acme.store.tenant.slug)
    assert not rows.changed()
    Delivery.objects.create(store=simulation.acme.store, webhook_id="1", order_id=1)
    assert rows.changed()


def test_more_than_eight_errors_within_an_hour_and_sixty_calls_a_minute_are_noticed() -> None:
    path = "/api/v1/100001/salesinvoice/SalesInvoices"
    errors = [Call("POST", path, "", NOON + timedelta(minutes=6 * n), 403) for n in range(9)]
    assert [breach.heading for breach in invariants.limits(errors)] == ["limit"]
    spread = [Call("POST", path, "", NOON + timedelta(minutes=8 * n), 403) for n in range(12)]
    assert invariants.limits(spread) == []
    busy = [Call("GET", path, "", NOON + timedelta(seconds=n / 2), 200) for n in range(61)]
    assert [breach.heading for breach in invariants.limits(busy)] == ["limit"]


def token_call(second: int, status: int = 200) -> Call:
    return Call("POST", invariants.TOKEN, "", NOON + timedelta(seconds=second), status)


def test_a_second_token_call_before_its_time_is_noticed() -> None:
    twice = [token_call(0), token_call(569)]
    assert len(invariants.tokens(twice)) == 1
    assert invariants.tokens([token_call(0), token_call(570)]) == []


def test_a_401_a_consent_and_a_strike_excuse_one_token_call_each() -> None:
    refused = Call("GET", "/api/v1/100001/crm/Accounts", "", NOON + timedelta(seconds=5), 401)
    thrice = [token_call(0), refused, token_call(9), token_call(99)]
    assert len(invariants.tokens(thrice)) == 1
    assert invariants.tokens(thrice, consents=[NOON + timedelta(seconds=50)]) == []
    assert invariants.tokens(thrice, struck=1) == []
    assert len(invariants.tokens([*thrice, token_call(199)], struck=1)) == 1


def test_a_refused_token_call_is_noticed() -> None:
    assert len(invariants.tokens([token_call(0, 400)])) == 1
    assert invariants.tokens([token_call(0, 500), token_call(60, 400)], struck=1) == []
