"""The ledger's list and an order's page show the payment status and the amount to settle by hand."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.acme import Acme
from tests.admin.documents.test_page import part, posted, shown
from tests.flow.payment.test_receipt import pay_in_three_ways

LIST = "/admin/connector/ordersync/"


def test_list_and_page_show_the_status_and_what_is_to_be_settled(acme: Acme, owner: Client) -> None:
    pay_in_three_ways(acme)
    document = posted(acme)
    posted(acme, 1002)
    assert "captured, to settle by hand: 7.90 EUR" in owner.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as asked:
        found = owner.get(f"{LIST}?to_settle=1").context["cl"]
    assert [each.order_id for each in found.result_list] == [1001]
    assert any('"to_settle" IS NOT NULL' in query["sql"] for query in asked)
    page = shown(owner, document)
    order = part(page, "order")
    assert "Payment status, as last read: captured" in order
    assert "To settle by hand: 7.90 EUR, paid by store credit or gift certificate" in order
    assert "To settle by hand: 7.90 EUR" in part(page, "history")
