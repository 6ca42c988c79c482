"""What the division's latest invoices used counts for a proposal."""

from connector.domain.rules.propose.proposal import Confidence, Why
from connector.models import MasterData
from connector.sandbox.exact.state import INVOICES
from tests.acme import DIVISION, Acme
from tests.flow.setup.proposals.test_propose import proposed


def test_the_divisions_latest_invoices_decide_between_codes(acme: Acme) -> None:
    """Two codes fit 9 % at home. Most lines to the Netherlands had one of them."""
    exact = acme.sandbox.exact
    account = next(row["ID"] for row in exact.accounts(DIVISION) if row["Country"].strip() == "NL")
    item, revenue = (
        exact.id_of(DIVISION, "logistics/Items", "BOOK-01"),
        exact.id_of(DIVISION, "financial/GLAccounts", "8010"),
    )
    line = {"Item": item, "Quantity": 1, "NetPrice": 10, "VATCode": "1", "GLAccount": revenue}
    exact.create(DIVISION, INVOICES, OrderedBy=account, Journal="70", SalesInvoiceLines=[line] * 9)
    second = MasterData.objects.get(kind="vat_code", code="1")
    MasterData.objects.create(division=second.division, kind="vat_code", code="1B", name="Low, too", data=second.data)
    found = {each.key: each for each in proposed(acme).proposals}
    low = next(each for each in found.values() if each.key.startswith("vat.") and each.value["when"].get("rate") == "9")
    assert (low.value["code"], low.reason.why, low.confidence) == ("1", Why.USED_VAT_CODE, Confidence.LIKELY)
    assert (low.reason.params["count"], low.reason.params["of"]) == (9, 9)
    assert "1B" in [other.code for other in low.alternatives]


def test_invoices_that_may_not_be_read_count_as_none(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("403:scope", "GET", "*SalesInvoices*", times=9)
    assert proposed(acme).connection["journal"] == "71"
