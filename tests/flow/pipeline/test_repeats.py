"""Nothing repeats for ever: what Exact refuses twice, or answers three times unclearly, waits for a person.

The clock of the database and of both fakes is the test's. It is moved from one due moment to the next.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail

from connector.domain.document.codes import Code
from connector.domain.document.states import State
from connector.flow.actions.documents import re_post, retry
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Alert, Breaker, OrderSync, SyncEvent
from connector.models.kept_words import english
from connector.sandbox.exact.limits import ERRORS
from connector.sandbox.exact.state import INVOICES
from tests.acme import DIVISION, Acme
from tests.faults.clock import Clock, see_at_once
from tests.faults.settle_time import next_moment
from tests.flow.by_hand import WHY
from tests.flow.entries import with_entries
from tests.flow.invoice.test_replace import change_rules
from tests.flow.payment.test_receipt import PAYMENTS, with_payments

TEXT = "Er ging iets mis bij het verwerken van dit verzoek."
FIVE = range(1001, 1006)
WRITES = {
    "invoice": ("POST", "*salesinvoice/SalesInvoices"),
    "print": ("POST", "*salesinvoice/PrintedSalesInvoices"),
    "account": ("POST", "*crm/Accounts"),
    "address": ("POST", "*crm/Addresses"),
}


@pytest.fixture
def clock(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    see_at_once(monkeypatch)
    clock = Clock(acme.sandbox.exact, acme.sandbox.stores)
    yield clock
    clock.reset()


def let_pass(acme: Acme, clock: Clock, *, hours: float) -> None:
    """Let the time pass, and the lane work whenever something is due."""
    end = clock.skew + timedelta(hours=hours)
    for _turn in range(400):
        acme.drain()
        moment, now = next_moment(acme.connection), database_now()
        left = end - clock.skew
        if moment is None or moment - now >= left:
            clock.advance(left.total_seconds())
            return
        clock.advance_to(moment, now)
    raise AssertionError("The lane does not come to rest.")


def ring(acme: Acme, orders: range) -> None:
    for order_id in orders:
        acme.ring(order_id)


def documents(acme: Acme, orders: range) -> list[OrderSync]:
    return list(OrderSync.objects.filter(connection=acme.connection, order_id__in=orders, kind="invoice"))


def sent(document: OrderSync) -> Counter[str]:
    """How often each write of a document was sent."""
    events = SyncEvent.objects.filter(document=document, kind="call", data__upstream="exact")
    writes = [event.data for event in events if event.data["method"] != "GET"]
    return Counter(f"{data['method']} {data['endpoint']}" for data in writes if data["endpoint"] != "oauth2/token")


def most_sent(acme: Acme) -> int:
    return max((max(sent(each).values(), default=0) for each in OrderSync.objects.all()), default=0)


@pytest.mark.parametrize(
    "where", [("POST", "*/api/v1/*"), ("*", "*/api/v1/*"), ("POST", "*salesinvoice/SalesInvoices")]
)
@pytest.mark.parametrize("many", [3, 8])
def test_an_hour_in_which_exact_refuses_everything(acme: Acme, clock: Clock, where: tuple[str, str], many: int) -> None:
    """Nothing is posted twice or sent more than three times, all go through after it, and one alert is mailed.

    One more order comes within the hour, and one after it.
    """
    within, after = 1001 + many, 1002 + many
    orders = range(1001, after + 1)
    acme.sandbox.exact.faults.add(f"500:{TEXT}", *where, times=-1)
    mail.outbox.clear()
    ring(acme, range(1001, within))
    let_pass(acme, clock, hours=0.5)
    acme.ring(within)
    let_pass(acme, clock, hours=0.5)
    assert acme.invoices() == []
    assert Alert.objects.filter(closed_at=None).count() == 1
    acme.sandbox.exact.faults.clear()
    acme.ring(after)
    let_pass(acme, clock, hours=8)
    assert {each.order_id: each.state for each in documents(acme, orders)} == dict.fromkeys(orders, "posted")
    assert sorted(each["YourRef"] for each in acme.invoices()) == [f"NLS-{order_id}" for order_id in orders]
    made = [code for each in acme.sandbox.exact.accounts(DIVISION) if (code := each.get("SearchCode"))]
    assert len(set(made)) == len(made)
    assert most_sent(acme) <= 3
    assert len(mail.outbox) == 1
    assert not Alert.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("write", WRITES)
def test_a_document_that_is_refused_for_ever_is_held_with_the_text_and_the_others_post(
    acme: Acme, clock: Clock, write: str
) -> None:
    method, path = WRITES[write]
    acme.ring(1001)
    acme.sandbox.exact.faults.add(f"500:{TEXT}", method, path, times=2)
    let_pass(acme, clock, hours=2)
    bad = acme.document(1001)
    assert bad.state == "blocked", bad.message
    assert TEXT in bad.message
    assert bad.code in {Code.REFUSED, Code.ACCOUNT_REFUSED, Code.ADDRESS_REFUSED}
    assert sent(bad)[f"{method} {path.removeprefix('*')}"] == 2
    re_post(bad, None, WHY)
    let_pass(acme, clock, hours=1)
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices()) == 1


def test_a_sales_entry_that_is_refused_for_ever_is_held_with_the_text(acme: Acme, clock: Clock) -> None:
    with_entries(acme)
    acme.sandbox.exact.faults.add(f"500:{TEXT}", "POST", "*salesentry/SalesEntries", times=-1)
    acme.ring(1001)
    let_pass(acme, clock, hours=24)
    held = acme.document(1001)
    assert (held.state, held.reason, sent(held)["POST salesentry/SalesEntries"]) == ("blocked", "rejected", 2)
    assert TEXT in held.message


def test_a_receipt_that_is_refused_for_ever_is_held_with_the_text(acme: Acme, clock: Clock) -> None:
    with_payments(acme, PAYMENTS)
    acme.sandbox.exact.faults.add(f"500:{TEXT}", "POST", "*financialtransaction/BankEntries", times=-1)
    acme.ring(1001)
    let_pass(acme, clock, hours=24)
    held = OrderSync.objects.get(order_id=1001, kind="receipt")
    assert (held.state, held.reason) == ("blocked", "rejected")
    assert sent(held)["POST financialtransaction/BankEntries"] == 2
    assert TEXT in held.message
    assert acme.document(1001).state == "posted"


def test_a_deletion_that_is_refused_for_ever_is_held_with_the_text(
    acme: Acme, clock: Clock, unprinted: OrderSync
) -> None:
    acme.sandbox.exact.faults.add(f"500:{TEXT}", "DELETE", "*", times=-1)

    change_rules(acme)
    re_post(unprinted, None, WHY)
    let_pass(acme, clock, hours=24)
    held = acme.document(1001)
    assert (held.state, held.reason) == ("blocked", "rejected"), held.message
    assert sent(held)["DELETE salesinvoice/SalesInvoices(guid)"] == 2
    assert TEXT in held.message
    assert len(acme.invoices()) == 1


@pytest.mark.parametrize("refused", [1001, 1003, 1005])
def test_of_five_orders_one_is_refused_for_ever_and_the_four_others_post(
    acme: Acme, clock: Clock, refused: int
) -> None:
    mail.outbox.clear()
    acme.sandbox.exact.faults.add(f"500:{TEXT}", "POST", "*/SalesInvoices", times=-1, body=f"-{refused}")
    ring(acme, FIVE)
    let_pass(acme, clock, hours=24)
    held = acme.document(refused)
    assert (held.state, held.reason) == ("blocked", "rejected")
    assert TEXT in held.message
    assert sent(held)["POST salesinvoice/SalesInvoices"] == 2
    assert {acme.document(each).state for each in FIVE if each != refused} == {"posted"}
    assert not Breaker.objects.exclude(open_until=None).exists()
    assert mail.outbox == []


def test_a_known_refusal_of_many_documents_spends_no_more_than_eight_errors_an_hour_and_the_good_ones_post(
    acme: Acme, clock: Clock
) -> None:
    """Each is refused for another cause, so none of them closes the endpoint; the hour's errors do."""
    orders, good = range(1001, 1021), {1010, 1020}
    for number in set(orders) - good:
        cause = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        acme.sandbox.exact.faults.add(f"400:Ongeldig: {cause}", "POST", "*/SalesInvoices", times=-1, body=f"-{number}")
    ring(acme, orders)
    let_pass(acme, clock, hours=4)
    assert {acme.document(each).state for each in good} == {"posted"}
    assert {acme.document(each).reason for each in set(orders) - good} == {"rejected"}
    errors = [call.at for call in acme.sandbox.exact.calls if call.status in ERRORS]
    assert len(errors) == len(orders) - len(good)
    assert all(errors[place + 8] - errors[place] >= timedelta(hours=1) for place in range(len(errors) - 8))


def errors_at_exact(acme: Acme) -> int:
    """How often Exact refused an invoice."""
    return len([call for call in acme.sandbox.exact.calls if call.status in ERRORS and "SalesInvoices" in call.path])


def test_one_order_that_a_person_sends_again_is_sent_at_once_up_to_eight_errors(acme: Acme) -> None:
    """Its errors close the endpoint for nobody else."""
    acme.sandbox.exact.faults.add("400:Ongeldig: Artikel", "POST", "*/SalesInvoices", times=-1, body="-1001")
    mail.outbox.clear()
    acme.ring(1001)
    acme.drain()
    for tries in range(2, 9):
        re_post(acme.document(1001), None, WHY)
        acme.drain()
        assert (acme.document(1001).state, errors_at_exact(acme)) == ("blocked", tries)
        acme.ring(1000 + tries)
        acme.drain()
        assert acme.document(1000 + tries).state == "posted"
    re_post(acme.document(1001), None, WHY)
    acme.drain()
    assert (acme.document(1001).state, errors_at_exact(acme)) == ("waiting", 8)
    assert not Breaker.objects.exclude(open_until=None).exists()
    assert mail.outbox == []


def test_an_order_that_nobody_sends_again_waits_after_four_errors_and_a_retry_sends_it(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("400:Ongeldig: Artikel", "POST", "*/SalesInvoices", times=-1, body="-1001")
    acme.ring(1001)
    acme.drain()
    for _ in range(4):
        transitions.move(acme.document(1001), State.PENDING, english("Put right."), attempts=0)
        acme.drain()
    assert (acme.document(1001).state, errors_at_exact(acme)) == ("waiting", 4)
    acme.sandbox.exact.faults.clear()
    retry(acme.document(1001), None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_the_ninth_error_closes_the_endpoint_also_when_a_person_made_the_others(acme: Acme) -> None:
    for number in (1001, 1002):
        acme.sandbox.exact.faults.add("400:Ongeldig: Artikel", "POST", "*/SalesInvoices", times=-1, body=f"-{number}")
    acme.ring(1001)
    acme.drain()
    for _ in range(7):
        re_post(acme.document(1001), None, WHY)
        acme.drain()
    acme.ring(1002)
    acme.drain()
    assert errors_at_exact(acme) == 9
    assert Breaker.objects.exclude(open_until=None).exists()
    acme.ring(1003)
    acme.drain()
    assert acme.document(1003).state in {"pending", "waiting"}
    assert errors_at_exact(acme) == 9


def test_what_a_person_sends_again_does_not_make_a_cause_that_of_several_orders(acme: Acme) -> None:
    """Six refusals in a row for one cause, but only two that nobody asked for."""
    for number in (1001, 1002):
        acme.sandbox.exact.faults.add("400:Ongeldig: Artikel", "POST", "*/SalesInvoices", times=-1, body=f"-{number}")
    acme.ring(1001)
    acme.drain()
    for _ in range(4):
        re_post(acme.document(1001), None, WHY)
        acme.drain()
    acme.ring(1002)
    acme.drain()
    assert errors_at_exact(acme) == 6
    assert not Breaker.objects.exclude(open_until=None).exists()


def test_one_of_many_that_are_sent_again_is_not_let_through(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("400:Ongeldig: Artikel", "POST", "*/SalesInvoices", times=-1, body="-1001")
    acme.ring(1001)
    acme.drain()
    for _ in range(4):
        re_post(acme.document(1001), None, WHY, low_priority=True)
        acme.drain()
    assert (acme.document(1001).state, errors_at_exact(acme)) == ("waiting", 4)


@pytest.mark.parametrize("kind", ["timeout_after", "500_before", "503_html", "close_before"])
def test_what_stays_unclear_is_sent_three_times_and_then_held(acme: Acme, clock: Clock, kind: str) -> None:
    acme.sandbox.exact.faults.add(kind, "POST", "*/SalesInvoices", times=-1, seconds=0)
    acme.ring(1001)
    let_pass(acme, clock, hours=30)
    held = acme.document(1001)
    assert most_sent(acme) <= 3
    if kind == "timeout_after":
        assert held.state == "posted"
    else:
        assert (held.state, held.code) == ("blocked", Code.REFUSED if kind == "500_before" else Code.SENT_TOO_OFTEN)


def test_an_address_that_exact_may_have_is_not_said_to_be_missing(acme: Acme, clock: Clock) -> None:
    """Exact made it each time, and its answer could not be read."""
    acme.sandbox.exact.faults.add("garbage_201", "POST", "*/crm/Addresses", times=-1)
    acme.ring(1001)
    let_pass(acme, clock, hours=30)
    held = acme.document(1001)
    assert (held.state, held.code, sent(held)["POST crm/Addresses"]) == ("blocked", Code.REPEATED_TOO_OFTEN, 3)
    assert "Exact may have it, and sending it again makes nothing twice" in held.message


def test_a_held_document_is_not_sent_again_because_the_store_reports_it(acme: Acme, clock: Clock) -> None:
    acme.sandbox.exact.faults.add("503_html", "POST", "*/SalesInvoices", times=-1)
    acme.ring(1001)
    let_pass(acme, clock, hours=4)
    for _ in range(3):
        acme.ring(1001, "store/order/updated")
        let_pass(acme, clock, hours=4)
    assert acme.document(1001).state == "blocked"
    assert most_sent(acme) == 3


def test_a_search_that_always_fails_ends_with_a_sentence(acme: Acme, clock: Clock) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", "*/SalesInvoices")
    acme.sandbox.exact.faults.add("503_html", "GET", "*/SalesInvoices", times=-1)
    acme.ring(1001)
    let_pass(acme, clock, hours=48)
    held = acme.document(1001)
    assert (held.state, held.reason, held.code) == ("blocked", "exhausted", Code.SEARCH_GAVE_UP)
    re_post(held, None, WHY)
    let_pass(acme, clock, hours=48)
    held = acme.document(1001)
    assert (held.state, held.reason, held.code) == ("blocked", "exhausted", Code.SEARCH_GAVE_UP)
    acme.sandbox.exact.faults.clear()
    re_post(held, None, WHY)
    let_pass(acme, clock, hours=1)
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices()) == 1


@pytest.mark.parametrize("earlier", [1, 12])
def test_a_search_that_cannot_be_read_ends_after_three_tries(acme: Acme, clock: Clock, earlier: int) -> None:
    """How often the document was tried before does not matter. It is never `internal`."""
    acme.sandbox.exact.faults.add("close_after", "POST", "*/SalesInvoices")
    acme.sandbox.exact.faults.add("garbage_201", "GET", "*/SalesInvoices", times=-1)
    acme.ring(1001)
    acme.drain()
    OrderSync.objects.filter(order_id=1001).update(attempts=earlier)
    let_pass(acme, clock, hours=48)
    held = acme.document(1001)
    assert (held.state, held.reason, held.code) == ("blocked", "exhausted", Code.SEARCH_GAVE_UP)
    assert "the search for it failed 3 times" in held.message
    assert acme.sandbox.exact.calls.count("GET", "*/SalesInvoices") == 3
    re_post(held, None, WHY)
    let_pass(acme, clock, hours=48)
    held = acme.document(1001)
    assert (held.state, held.code) == ("blocked", Code.SEARCH_GAVE_UP)
    assert acme.sandbox.exact.calls.count("GET", "*/SalesInvoices") == 6
    acme.sandbox.exact.faults.clear()
    re_post(held, None, WHY)
    let_pass(acme, clock, hours=1)
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices()) == 1


def test_looking_for_what_is_gone_and_deleting_it_spends_no_error(acme: Acme, clock: Clock) -> None:
    acme.connection.finalize = False
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    acme.sandbox.exact.remove(DIVISION, INVOICES, document.exact_id)
    OrderSync.objects.filter(pk=document.pk).update(state="blocked", reason="drift", posted_at=None)
    re_post(acme.document(1001), None, WHY)
    let_pass(acme, clock, hours=1)
    assert acme.document(1001).state == "posted"
    assert [call for call in acme.sandbox.exact.calls if call.status in ERRORS] == []
