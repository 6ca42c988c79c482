"""Each cause leads to the field where it is put right: a setting, a rule, a new rule that is filled in, or Exact."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.admin.documents.to_field import Places
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import DirectoryAccount, OrderSync
from tests.acme import DIVISION, Acme

CASES: list[tuple[Code, dict[str, str], str, str]] = [
    (Code.ITEM_MISSING, {"item": "SHIP"}, "Choose another item", "{connection}#id_item_shipping"),
    (Code.JOURNAL_BLOCKED, {"journal": "70"}, "Choose another journal", "{connection}#id_journal"),
    (Code.TEMPLATE_MISSING, {"template": "Webshop"}, "Choose another", "{connection}#id_invoice_template"),
    (Code.GL_ACCOUNT_BLOCKED, {"gl_account": "8100"}, "Choose another GL", "{rules}?uses=gl_account%3A8100#asked"),
    (
        Code.COST_CODE_MISSING,
        {"dimension": "cost_center", "cost_code": "EU-WEST"},
        "Choose another cost centre",
        "{rules}?uses=cost_center%3AEU-WEST#asked",
    ),
    (Code.VAT_CODE_BLOCKED, {"vat_code": "6"}, "Choose another VAT code", "{rules}?uses=vat_code%3A6#asked"),
    (
        Code.NO_VAT_RULE,
        {"country": "FR", "rate": "20", "area": "", "fitting": ""},
        "Add VAT rule FR 20 %",
        "{rules}?add=vat&country=FR&rate=20#asked",
    ),
    (
        Code.NO_GL_ACCOUNT_RULE,
        {"kind": "shipping", "country": "BE"},
        "Add a rule for shipping to BE",
        "{rules}?add=rules&line=shipping&country=BE#asked",
    ),
    (Code.ITEM_MISSING, {"item": "SKU-9"}, "Put item SKU-9 right in Exact", "{exact}"),
    (Code.PERIOD_CLOSED, {"period": "2026-01-01 to 2026-01-31"}, "Open the period in Exact", "{exact}"),
    (Code.ACCOUNT_BLOCKED, {"account": "0000154 Anna de Wit"}, "Unblock account 0000154 in Exact", "{card}"),
    (Code.ACCOUNT_PROSPECT, {"account": "9 Nobody"}, "Open account 9 in Exact", "{exact}"),
    (Code.TOTALS_DIFFER, {}, "Go to its VAT rules", "{rules}"),
]


@pytest.mark.parametrize(("code", "params", "link", "address"), CASES, ids=[f"{row[0]}-{row[2]}" for row in CASES])
def test_the_place(acme: Acme, code: Code, params: dict[str, str], link: str, address: str) -> None:
    account = DirectoryAccount.objects.create(division=acme.connection.division, account_id="a-b", code="0000154")
    place = Places().of(held(acme, code, **params), acme.connection, alone=False)
    assert place.link.startswith(link)
    base = acme.sandbox.exact_url
    assert place.url == address.format(
        connection=reverse("admin:connector_connection_change", args=[acme.connection.pk]),
        rules=reverse("admin:connector_connection_rules", args=[acme.connection.pk]),
        exact=f"{base}/docs/MenuPortal.aspx?_Division_={DIVISION}",
        card=f"{base}/docs/CRMAccountCard.aspx?_Division_={DIVISION}&AccountID=%7B{account.account_id}%7D",
    )
    assert place.outside == place.url.startswith(base)


def test_a_connection_and_its_rules_are_read_once_for_a_page(acme: Acme) -> None:
    places = Places()
    document = held(acme, Code.GL_ACCOUNT_BLOCKED, gl_account="8100")
    places.of(document, acme.connection, alone=False)
    with CaptureQueriesContext(database) as captured:
        places.of(document, acme.connection, alone=False)
    assert len(captured) == 0


def held(acme: Acme, code: Code, **params: str) -> OrderSync:
    """A document that is held for this problem, not saved."""
    why = problem(code, **params)
    return OrderSync(
        connection=acme.connection,
        division=acme.connection.division,
        order_id=1,
        state="blocked",
        reason=str(code.reason),
        code=str(code),
        params=dict(why.params),
        problems=to_json([why]),
    )
