"""A refusal that names a reference: it is read again, and the order is translated once more before it is held."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.states import State
from connector.flow.actions.documents import approve
from connector.flow.ledger import transitions
from connector.flow.pipeline import heal
from connector.models import Connection, CustomerLink, MasterData, OrderSync
from connector.models.kept_words import Said
from connector.sandbox.exact.invoice_checks import GL_ACCOUNTS, ITEMS, JOURNALS, VAT_CODES
from tests.acme import DIVISION, Acme

CREATE = "*/salesinvoice/SalesInvoices"


def gone(acme: Acme, endpoint: str, code: str) -> None:
    """Remove a code from Exact; the ledger does not know of it."""
    acme.sandbox.exact.remove(DIVISION, endpoint, acme.sandbox.exact.id_of(DIVISION, endpoint, code))


def block(acme: Acme, endpoint: str, code: str) -> None:
    key = acme.sandbox.exact.id_of(DIVISION, endpoint, code)
    acme.sandbox.exact.change(DIVISION, endpoint, key, IsBlocked=True)


def post(acme: Acme, order_id: int) -> OrderSync:
    acme.ring(order_id)
    acme.drain()
    return acme.document(order_id)


def tries(acme: Acme) -> int:
    """How often Exact was asked to make an invoice."""
    return acme.sandbox.exact.calls.count("POST", CREATE)


@pytest.mark.parametrize(
    ("endpoint", "code", "held", "param"),
    [
        (VAT_CODES, "2", Code.VAT_CODE_MISSING, "vat_code"),
        (ITEMS, "SHIP", Code.ITEM_MISSING, "item"),
        (GL_ACCOUNTS, "8100", Code.GL_ACCOUNT_MISSING, "gl_account"),
        (JOURNALS, "70", Code.JOURNAL_MISSING, "journal"),
    ],
)
def test_a_code_that_is_gone_is_held_by_its_own_name(
    acme: Acme, endpoint: str, code: str, held: Code, param: str
) -> None:
    acme.configure(vat=[{"when": {"rate": "21", "country": "NL"}, "code": "2"}, *acme.file["connections"][0]["vat"]])
    gone(acme, endpoint, code)
    before = acme.exact_calls(f"*/{endpoint}*")
    document = post(acme, 1001)
    assert (document.state, document.code, document.params[param]) == ("blocked", held, code)
    assert tries(acme) == 1  # Exact counts each refusal
    assert acme.exact_calls(f"*/{endpoint}*") == before + 1


def test_a_blocked_gl_account_is_held_by_its_own_name(acme: Acme) -> None:
    block(acme, GL_ACCOUNTS, "8100")
    document = post(acme, 1001)
    assert (document.code, document.params["gl_account"]) == (Code.GL_ACCOUNT_BLOCKED, "8100")
    assert tries(acme) == 1


def test_what_another_code_can_do_goes_on_by_itself(acme: Acme) -> None:
    item = acme.sandbox.exact.id_of(DIVISION, ITEMS, "MUG-01")
    acme.sandbox.exact.remove(DIVISION, ITEMS, item)
    document = post(acme, 1001)  # the connection's strategy: the item of the SKU, else the default
    assert document.state == "posted"
    assert tries(acme) == 2
    assert "translates once more" in "".join(document.history.values_list("text", flat=True))


def test_only_the_items_of_the_order_are_read(acme: Acme) -> None:
    gone(acme, ITEMS, "SHIP")
    gone(acme, ITEMS, "PEN-01")  # not in the order
    post(acme, 1001)
    assert set(MasterData.objects.filter(kind="item", code__in=["SHIP", "PEN-01"]).values_list("code", flat=True)) == {
        "PEN-01"
    }


def test_nothing_is_sent_again_when_nothing_differs(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("400:Ongeldig: BTW-code", "POST", CREATE, times=9)
    document = post(acme, 1001)
    assert (document.state, document.code) == ("blocked", Code.REFUSED)
    assert tries(acme) == 1


def test_it_is_tried_once_until_somebody_sends_it_again(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the list differs each time that it is read."""
    monkeypatch.setattr(heal, "read_again", lambda *_of, **_more: frozenset({("vat_code", "D1")}))
    acme.sandbox.exact.faults.add("400:Ongeldig: BTW-code", "POST", CREATE, times=9)
    document = post(acme, 1001)
    assert (document.state, tries(acme)) == ("blocked", 2)
    transitions.move(document, State.PENDING, Said("A person sends it again."))
    acme.drain()
    assert tries(acme) == 4


@pytest.mark.parametrize("fault", ["500_before", "429_minute", "403:NoDivisionAccess"])
def test_a_document_is_held_when_exact_does_not_answer_or_the_calls_are_used_up(acme: Acme, fault: str) -> None:
    gone(acme, ITEMS, "SHIP")
    acme.sandbox.exact.faults.add(fault, "GET", "*/logistics/Items*", times=9)
    document = post(acme, 1001)
    assert (document.state, document.code) == ("blocked", Code.REFUSED)


class TestAccounts:
    """The customer's account."""

    def account(self, acme: Acme, email: str) -> str:
        return str(next(row["ID"] for row in acme.sandbox.exact.accounts(DIVISION) if row["Email"] == email))

    def test_a_blocked_one_is_held_by_its_name(self, acme: Acme) -> None:
        post(acme, 1003)
        key = self.account(acme, "bram@shopper.example")
        acme.sandbox.exact.change(DIVISION, "crm/Accounts", key, Blocked=True)
        before = tries(acme)
        document = post(acme, 1012)
        assert (document.state, document.code) == ("blocked", Code.ACCOUNT_BLOCKED)
        assert "Bram Visser" in str(document.params["account"])
        assert tries(acme) == before + 1

    def test_a_deleted_one_is_made_again_by_itself(self, acme: Acme) -> None:
        post(acme, 1003)
        key = self.account(acme, "bram@shopper.example")
        acme.sandbox.exact.divisions[DIVISION].delete("crm/Accounts", key)
        document = post(acme, 1012)
        assert document.state == "posted"
        assert CustomerLink.objects.get(pk__gt=0, account_code__gt="").account_id != key


def test_a_template_with_another_id_prints_the_same_invoice_by_itself(acme: Acme) -> None:
    layouts = MasterData.objects.filter(kind="layout", code="Webshop")
    layouts.update(exact_id="00000000-0000-0000-0000-00000000dead")
    document = post(acme, 1001)
    assert (document.state, len(acme.invoices(1001)), tries(acme)) == ("posted", 1, 1)
    assert acme.invoice(1001)["Status"] == 50


def test_a_connection_in_approval_is_not_translated_again(acme: Acme) -> None:
    """What a person approved is posted as it is, or not at all."""
    Connection.objects.update(mode="approval")
    document = post(acme, 1001)
    gone(acme, ITEMS, "SHIP")
    approve(document, None, "Looked at it.")
    acme.drain()
    document.refresh_from_db()
    assert (document.state, document.code, tries(acme)) == ("blocked", Code.REFUSED, 1)
