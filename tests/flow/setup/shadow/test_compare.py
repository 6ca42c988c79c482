"""What a bookkeeper typed otherwise is named, exactly that; put right, the answer becomes yes."""

from decimal import Decimal

import pytest

from connector.domain.document.chosen_by import names_rule
from connector.flow.customer.copies import directory
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, OrderSync
from tests.acme import DIVISION, Acme
from tests.flow.inbox.backfill.hand import INVOICES, account_of
from tests.flow.setup.shadow.scene import compared, named, translate, type_in

pytestmark = pytest.mark.django_db
VAT_CODE, CENT, GL_ACCOUNT, MISSING = 1003, 1012, 1017, 1022


def gl_account(acme: Acme, code: str) -> str:
    return acme.sandbox.exact.id_of(DIVISION, "financial/GLAccounts", code)


def test_exactly_what_was_typed_otherwise_is_named_and_put_right_the_answer_is_yes(acme: Acme) -> None:
    orders = translate(acme)
    odd = {
        VAT_CODE: type_in(acme, VAT_CODE, VATCode="B1"),
        CENT: type_in(acme, CENT, price=Decimal("0.01")),
        GL_ACCOUNT: type_in(acme, GL_ACCOUNT, GLAccount=gl_account(acme, "8010")),
    }
    for order_id in orders:
        if order_id not in {*odd, MISSING}:
            type_in(acme, order_id)
    before = acme.sandbox.exact.invoices(DIVISION)
    run = compared(acme)
    assert run.state == "done"
    assert {order for order, _field in named(run)} == set(odd)
    assert named(run) == {(VAT_CODE, "vat"), (CENT, "amount"), (GL_ACCOUNT, "gl_account")}
    (without,) = run.result["without"][1]
    assert (without["order"], run.result["without"][0]) == (MISSING, 1)
    summary = run.result["summary"]
    assert (summary["answer"], summary["compared"], summary["sure"]) == ("no", 23, 22)
    assert summary["fields"]["amount"] == ["22", "23"]
    assert summary["differ"] == ["amount", "vat", "gl_account"]
    wrong = sum(acme.total(order_id) for order_id in odd)
    agrees, of_all = map(Decimal, summary["money"]["EUR"])
    assert of_all - agrees == wrong
    rules = {row["order"]: row["rules"] for row in run.result["differences"]}
    assert rules[VAT_CODE]
    assert names_rule(rules[GL_ACCOUNT][0])
    assert acme.sandbox.exact.invoices(DIVISION) == before  # nothing was written

    for order_id, key in odd.items():
        acme.sandbox.exact.remove(DIVISION, INVOICES, key)
        type_in(acme, order_id)
    type_in(acme, MISSING)
    run = compared(acme)
    assert not named(run)
    assert (run.result["summary"]["answer"], run.result["without"]) == ("yes", [0, []])
    assert OrderSync.objects.filter(state="skipped", reason="shadow").count() == len(orders)


def test_too_few_say_how_many_more(acme: Acme) -> None:
    for order_id in translate(acme, 3):
        type_in(acme, order_id)
    assert compared(acme).result["summary"] | {"fields": {}, "money": {}} == {
        "answer": "too_few",
        "compared": 3,
        "sure": 3,
        "missing": 17,
        "differ": [],
        "fields": {},
        "money": {},
        "unclear": 0,
        "held": 0,
    }


def test_two_documents_for_one_order_are_not_compared_and_one_of_no_order_is_listed(acme: Acme) -> None:
    translate(acme, 2)
    for _twice in range(2):
        type_in(acme, 1001)
    key = type_in(acme, 1002)
    acme.sandbox.exact.change(DIVISION, INVOICES, key, YourRef="phone", Description="by phone")
    other = acme.sandbox.exact.add_account(DIVISION, Name="Somebody else", Status="C")
    acme.sandbox.exact.change(DIVISION, INVOICES, key, OrderedBy=other, InvoiceTo=other)
    result = compared(acme).result
    assert (result["unclear"][0], result["unclear"][1][0]["order"]) == (1, 1001)
    assert (result["without"][0], result["without"][1][0]["order"]) == (1, 1002)
    assert [row["texts"] for row in result["no_order"][1]] == ["phone by phone"]
    assert result["summary"]["compared"] == 0


def test_the_customers_account_is_compared_where_a_link_says_it(acme: Acme) -> None:
    of_customer = {acme.order(order_id)["customer_id"]: order_id for order_id in translate(acme, 6)}
    right, wrong, *_others = (order_id for customer, order_id in of_customer.items() if customer)
    for order_id in (right, wrong):
        type_in(acme, order_id)
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    known = {right: account_of(acme, acme.order(right)), wrong: "00000000-0000-0000-0000-000000000001"}
    for order_id, account in known.items():
        CustomerLink.objects.create(
            store=acme.store,
            division=acme.connection.division,
            customer_key=str(acme.order(order_id)["customer_id"]),
            account_id=account,
        )
    run = compared(acme)
    assert run.result["summary"]["fields"]["account"] == ["1", "2"]
    (row,) = run.result["differences"]
    assert (row["order"], row["field"], row["ours"]) == (wrong, "account", known[wrong])
    assert row["theirs"].split(" ", 1)[1]  # the account's code and name


def test_a_document_that_may_be_of_two_orders_is_compared_with_neither(acme: Acme) -> None:
    translate(acme, 2)
    key = type_in(acme, 1001)
    acme.sandbox.exact.change(DIVISION, INVOICES, key, YourRef="1001 1002")
    run = compared(acme)
    assert run.result["unclear"][0] == 2
    assert run.result["summary"]["compared"] == 0
