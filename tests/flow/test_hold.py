"""One fault is one cause, whatever the product or the customer is called: one advice, one canary, one more refusal."""

from datetime import datetime, timedelta

from connector.admin.documents.explanation import explanation_of
from connector.domain.document.codes import Code
from connector.flow.actions import bulk_repost
from connector.models import Breaker, Division, MasterData, OrderSync
from tests.acme import STORE, Acme

COMPANIES = {1001: "Abel BV", 1002: "Berg & Zonen", 1003: "Cirkel NV", 1004: "Dok 7", 1005: "Eiland"}


def an_hour_passes() -> None:
    for breaker in Breaker.objects.all():
        ago = [datetime.fromisoformat(at) - timedelta(hours=2) for at in breaker.errors]
        Breaker.objects.filter(pk=breaker.pk).update(errors=[at.isoformat() for at in ago], open_until=None)
    Division.objects.update(closed_until=None)


def test_two_orders_without_the_same_gl_account_get_the_same_advice_whatever_they_sell(acme: Acme) -> None:
    MasterData.objects.filter(kind="gl_account", code="8000").delete()
    (book,) = acme.sandbox.stores.store(STORE).orders[1002].products[:1]
    book["name"] = "The VAT rule book"
    for order_id in (1001, 1002):
        acme.ring(order_id)
    acme.drain()
    mug, about_vat = acme.document(1001), acme.document(1002)
    assert "The VAT rule book" in about_vat.message
    assert {each.code for each in (mug, about_vat)} == {Code.GL_ACCOUNT_MISSING}
    assert explanation_of(mug) == explanation_of(about_vat)
    assert len(bulk_repost.group(OrderSync.objects.all())) == 1


def test_companies_that_are_refused_for_one_fault_have_one_canary(acme: Acme) -> None:
    for order_id, company in COMPANIES.items():
        order = acme.sandbox.stores.store(STORE).orders[order_id].order
        order["customer_id"] = 0
        order["billing_address"] |= {"company": company, "email": f"office.{order_id}@people.example"}
        refusal = f"400:Onjuist: E-mail - office.{order_id}@people.example"
        acme.sandbox.exact.faults.add(refusal, "POST", "*crm/Accounts", times=-1, body=company)
        acme.ring(order_id)
        acme.drain()
    held = OrderSync.objects.filter(code=Code.ACCOUNT_REFUSED, order_id__in=COMPANIES)
    assert held.count() == 5
    assert len({each.message for each in held}) == 5
    an_hour_passes()
    refused = acme.exact_calls("*crm/Accounts*")
    run = bulk_repost.start(acme.store.tenant, held, None, "tried again")
    assert [len(cause["going"]) for cause in run.causes] == [1]
    for _round in range(3):
        acme.drain()
        bulk_repost.advance()
    run.refresh_from_db()
    assert (
        bulk_repost.progress_of(run) == "0 went through, 1 came back, 4 were not sent because their cause is not fixed."
    )
    assert acme.exact_calls("*crm/Accounts*") - refused <= 2  # a search and the refusal
    assert not Breaker.objects.exclude(open_until=None).exists()
