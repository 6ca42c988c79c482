"""The Exact client against scripted answers: addresses, consequences, one renewal, the pinned division."""

import json
import traceback
from collections.abc import Mapping
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from connector.clients import errors
from connector.clients.calls import always_open
from connector.clients.exact.bodies import AccountIn, AddressIn, EntryIn, EntryLineIn, InvoiceIn, InvoiceLineIn
from connector.clients.exact.client import ExactClient
from connector.clients.rows import OddRow
from connector.clients.transport import Response
from tests.clients.scripted import Script, reply, sample

ROOT = "https://start.exactonline.nl/api/v1/123456/"
ID = "00000001-0000-4000-8000-000000000000"
OTHER = "00000003-0000-4000-8000-000000000000"
INVOICE = InvoiceIn(
    ordered_by=ID,
    journal="70",
    your_ref="SHOP-1042",
    order_date=date(2026, 3, 2),
    lines=(InvoiceLineIn(item=ID, quantity=D(1), net_price=D("8.26")),),
)


class Tokens:
    """Returns one token, and another one after a refusal."""

    def __init__(self) -> None:
        self.rejected: list[str] = []

    def token(self) -> str:
        return "first-token-123"

    def renew(self, rejected: str) -> str:
        self.rejected.append(rejected)
        return "second-token-456"


def client_of(script: Script, tokens: Tokens | None = None) -> ExactClient:
    return ExactClient(
        script,
        base_url="https://start.exactonline.nl",
        division=123456,
        tokens=tokens or Tokens(),
        on_call=script.calls.append,
        gate=always_open,
    )


def stored(name: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return reply(sample(f"exact/{name}.json"), status, headers=headers)


def changed(name: str, **fields: object) -> Response:
    body = sample(f"exact/{name}.json")
    body["d"].update(fields)
    return reply(body, 201)


def test_an_invoice_is_created() -> None:
    script = Script(stored("invoice_created", 201))
    invoice = client_of(script).create_invoice(INVOICE)
    assert (invoice.id, invoice.amount_fc) == (ID, D("127.05"))
    (request,) = script.sent
    assert (request.method, request.full_url) == ("POST", f"{ROOT}salesinvoice/SalesInvoices")
    assert request.headers == {"Authorization": "Bearer first-token-123", "Prefer": "return=representation"}
    assert json.loads(request.body() or b"")["SalesInvoiceLines"][0]["NetPrice"] == 8.26
    assert script.deadlines == [45.0]
    (call,) = script.calls
    assert (call.upstream, call.method, call.endpoint, call.status) == (
        "exact",
        "POST",
        "salesinvoice/SalesInvoices",
        201,
    )


@pytest.mark.parametrize(
    "fields", [{"Division": 999}, {"Type": 8021}, {"YourRef": "SHOP-9"}, {"InvoiceID": None}, {"Division": "x"}]
)
def test_a_created_invoice_that_is_not_ours_leaves_the_outcome_open(fields: dict[str, object]) -> None:
    with pytest.raises(errors.OutcomeUnknown):
        client_of(Script(changed("invoice_created", **fields))).create_invoice(INVOICE)


def test_what_the_answer_leaves_out_is_not_compared() -> None:
    answer = changed("invoice_created", Type=None, YourRef=None, Division=None)
    assert client_of(Script(answer)).create_invoice(INVOICE).id == ID


def test_invoices_are_found_by_reference_and_type() -> None:
    script = Script(stored("invoices_by_reference"))
    found = client_of(script).find_invoices("SHOP-1042", 8020)
    assert [(invoice.id, invoice.number) for invoice in found] == [(ID, ""), (OTHER, "26700001")]
    assert "$filter=YourRef%20eq%20'SHOP-1042'" in script.sent[0].full_url
    assert script.deadlines == [30.0]


def test_a_quote_in_a_reference_stays_inside_the_literal() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).find_invoices("A' or '1", 8020) == []
    assert script.sent[0].params["$filter"] == "YourRef eq 'A'' or ''1'"


def test_an_invoice_is_read_by_a_filter_which_costs_no_error_when_it_is_gone() -> None:
    nothing = reply({"d": {"results": []}})
    script = Script(stored("invoice_created"), changed("invoice_created", InvoiceID=OTHER), nothing)
    invoice = client_of(script).read_invoice(ID)
    assert invoice is not None
    assert invoice.status == 20
    assert script.sent[0].url == f"{ROOT}salesinvoice/SalesInvoices"
    assert script.sent[0].params["$filter"] == f"InvoiceID eq guid'{ID}'"
    assert script.calls[0].endpoint == "salesinvoice/SalesInvoices"
    with pytest.raises(errors.UnexpectedResponse):
        client_of(script).read_invoice(ID)
    assert client_of(script).read_invoice(ID) is None
    with pytest.raises(ValueError, match="GUID"):
        client_of(script).read_invoice("1')/x")


def test_numbers_of_several_invoices_cost_one_call() -> None:
    script = Script(stored("invoices_by_reference"))
    assert client_of(script).invoice_numbers([ID.upper(), OTHER]) == {ID.upper(): "", OTHER: "26700001"}
    assert script.sent[0].params["$filter"] == f"InvoiceID eq guid'{ID.upper()}' or InvoiceID eq guid'{OTHER}'"
    assert client_of(Script()).invoice_numbers([]) == {}
    with pytest.raises(ValueError, match="20"):
        client_of(Script()).invoice_numbers([ID] * 21)


def test_printing_says_every_way_of_sending() -> None:
    script = Script(stored("printed", 201), stored("printed", 201))
    printed = client_of(script).print_invoice(ID, layout_id=OTHER)
    assert printed.document_error == ""
    assert script.sent[0].json == {
        "InvoiceID": ID,
        "DocumentLayout": OTHER,
        "SendEmailToCustomer": False,
        "SendInvoiceToCustomerPostbox": False,
        "SendOutputBasedOnAccount": False,
    }
    client_of(script).print_invoice(ID, layout_id=None, send_email=True)
    assert "DocumentLayout" not in json.loads(script.sent[1].body() or b"")


def test_another_printed_invoice_leaves_the_outcome_open() -> None:
    with pytest.raises(errors.OutcomeUnknown):
        client_of(Script(changed("printed", InvoiceID=OTHER))).print_invoice(ID, layout_id=None)


def test_pages_are_followed_to_the_end() -> None:
    script = Script(stored("gl_accounts_first_page"), stored("gl_accounts_last_page"))
    assert [record.code for record in client_of(script).master_data("gl_account")] == ["8000", "8100"]
    assert script.sent[0].params["$select"].startswith("ID,Code,Description,Division,Type,UseCostcenter")
    assert "$skiptoken" in script.sent[1].full_url
    assert script.sent[1].full_url.count("$select") == 1


def test_a_row_of_another_division_is_refused() -> None:
    body = sample("exact/gl_accounts_last_page.json")
    body["d"]["results"][0]["Division"] = 999
    with pytest.raises(errors.UnexpectedResponse, match="another division"):
        list(client_of(Script(reply(body))).master_data("gl_account"))


def test_mail_layouts_are_left_out() -> None:
    assert [record.code for record in client_of(Script(stored("layouts"))).master_data("layout")] == ["Webshop"]


def test_the_account_directory_is_read_by_timestamp() -> None:
    script = Script(stored("accounts_by_timestamp"))
    (account,) = client_of(script).accounts_since(5, list[OddRow]().append)
    assert (account.timestamp, account.code, account.country) == (98765432101, "0000011", "NL")
    assert account.is_sales
    assert script.sent[0].url == f"{ROOT}sync/CRM/Accounts"
    assert script.sent[0].params["$filter"] == "Timestamp gt 5L"


def test_accounts_are_searched_by_search_code() -> None:
    script = Script(stored("accounts_by_timestamp"))
    (account,) = client_of(script).accounts_by_search_code("SHOP-7")
    assert account.search_code == "SHOP-7"
    assert script.sent[0].params["$filter"] == "SearchCode eq 'SHOP-7'"


def test_an_account_answered_with_nulls_is_completed_from_what_was_sent() -> None:
    script = Script(stored("account_created_mostly_null", 201))
    account = client_of(script).create_account(AccountIn(name="Bob", search_code="SHOP-8", city="Ghent"))
    assert (account.code, account.name) == ("0000012", "Bob Bakker")
    assert (account.search_code, account.city, account.status) == ("SHOP-8", "Ghent", "C")


def test_an_address_gives_its_id() -> None:
    script = Script(stored("address_created", 201), changed("address_created", ID=None))
    assert client_of(script).create_address(AddressIn(account=ID)).startswith("00000052")
    with pytest.raises(errors.OutcomeUnknown):
        client_of(script).create_address(AddressIn(account=ID))


def test_an_account_is_given_its_vat_number_and_nothing_else() -> None:
    script = Script(reply(b"", 204))
    client_of(script).give_vat_number(ID, "BE0123456749")
    (sent,) = script.sent
    assert (sent.method, sent.url) == ("PUT", f"{ROOT}crm/Accounts(guid'{ID}')")
    assert sent.json == {"VATNumber": "BE0123456749"}


def test_whether_an_account_exists_is_asked_by_a_filter() -> None:
    script = Script(reply({"d": {"results": [{"ID": ID}]}}), reply({"d": {"results": []}}))
    client = client_of(script)
    assert (client.has_account(ID), client.has_account(ID)) == (True, False)
    assert (script.sent[0].method, script.sent[0].params["$filter"]) == ("GET", f"ID eq guid'{ID}'")


def test_who_consented_and_what_the_consent_reaches() -> None:
    me = client_of(Script(stored("me"))).me()
    assert (me.full_name, me.current_division) == ("Bo Keeper", 123456)
    assert str(me.server_time) == "2026-06-25 16:30:59.890000"
    noted: list[OddRow] = []
    (division,) = client_of(Script(stored("divisions"))).divisions(noted.append)
    assert (division.code, division.country, division.status, noted) == (123456, "NL", 1, [])


def test_a_refused_token_is_renewed_once_and_the_same_request_repeated() -> None:
    tokens, script = Tokens(), Script(reply(b"", 401), stored("invoice_created", 201))
    client_of(script, tokens).create_invoice(INVOICE)
    assert tokens.rejected == ["first-token-123"]
    first, second = script.sent
    assert second.headers["Authorization"] == "Bearer second-token-456"
    assert (first.method, first.full_url, first.body()) == (second.method, second.full_url, second.body())
    assert [call.status for call in script.calls] == [401, 201]


def test_a_second_refusal_is_final() -> None:
    tokens, script = Tokens(), Script(reply(b"", 401), reply(b"", 401))
    with pytest.raises(errors.Unauthorized):
        client_of(script, tokens).create_invoice(INVOICE)
    assert len(tokens.rejected) == 1


def test_no_error_shows_a_token_or_the_body() -> None:
    token, reference = Tokens().token(), INVOICE.your_ref
    echo = {"error": {"message": {"value": f"Invalid: {token}"}}}
    script = Script(reply(echo, 400))
    with pytest.raises(errors.Rejected) as caught:
        client_of(script).create_invoice(INVOICE)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(script.calls)
    assert "Invalid: ***" in shown
    assert token not in shown + repr(caught.value.messages)
    assert reference not in shown


def test_an_invoice_is_deleted() -> None:
    script = Script(reply(status=204))
    client_of(script).delete_invoice(ID)
    (request,) = script.sent
    assert (request.method, request.full_url) == ("DELETE", f"{ROOT}salesinvoice/SalesInvoices(guid'{ID}')")
    assert request.body() is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply({"error": {"code": "", "message": {"value": "Processed"}}}, 400), errors.Rejected),
        (reply({}, 404), errors.NotFound),
        (reply(b"<p>Maintenance</p>", 503, "text/html"), errors.OutcomeUnknown),
        (reply(b"<p>Maintenance</p>", 200, "text/html"), errors.OutcomeUnknown),
        (errors.Interrupted("cut"), errors.OutcomeUnknown),
    ],
)
def test_a_deletion_that_is_not_clear_is_unknown(answer: Response | errors.ClientError, error: type[Exception]) -> None:
    with pytest.raises(error):
        client_of(Script(answer)).delete_invoice(ID)


def test_an_empty_answer_where_a_record_is_expected_is_no_success() -> None:
    with pytest.raises(errors.OutcomeUnknown):
        client_of(Script(reply(status=204))).create_invoice(INVOICE)
    with pytest.raises(errors.UnexpectedResponse):
        client_of(Script(reply(status=204))).read_invoice(ID)


def test_invoices_are_found_by_their_number() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).invoices_numbered(26700001) == []
    assert script.sent[0].params["$filter"] == "InvoiceNumber eq 26700001"


def test_a_division_that_cannot_be_read_is_named_and_left_out() -> None:
    noted: list[OddRow] = []
    rows = [{"Code": 123456}, None, {"Description": "No code"}, {"Code": 2}]
    found = client_of(Script(reply({"d": {"results": rows}}))).divisions(noted.append)
    assert [each.code for each in found] == [123456, 2]
    assert list(map(str, noted)) == [
        "a record without an id: it is no object",
        "a record without an id: Code is missing",
    ]


@pytest.mark.parametrize("row", [None, {"YourRef": "S-1", "Type": 8020}, {"YourRef": "S-1", "InvoiceID": ID}])
def test_a_search_in_which_ours_may_be_hidden_finds_nothing_out(row: Any) -> None:
    rows = [{"InvoiceID": ID, "YourRef": "S-1", "Type": 8020}, row]
    with pytest.raises(errors.UnexpectedResponse, match=r"missing|no object"):
        client_of(Script(reply({"d": {"results": rows}}))).find_invoices("S-1", 8020)


def test_a_search_is_not_stopped_by_a_row_of_another_kind() -> None:
    rows = [{"YourRef": "S-1", "Type": 8021}, {"InvoiceID": ID, "YourRef": "S-1", "Type": 8020}]
    (found,) = client_of(Script(reply({"d": {"results": rows}}))).find_invoices("S-1", 8020)
    assert found.id == ID


def test_a_transaction_line_without_its_entry_may_hide_ours() -> None:
    rows = [{"YourRef": "S-1", "Type": 21}, {"YourRef": "S-1", "Type": 20}]
    with pytest.raises(errors.UnexpectedResponse, match="EntryID is missing"):
        client_of(Script(reply({"d": {"results": rows}}))).find_entries("S-1", 20)


ENTRY_LINE = EntryLineIn(net=D("105.00"), vat_amount=D("22.05"), gl_account=OTHER, vat_code="4", quantity=D(3))
ENTRY = EntryIn(customer=OTHER, journal="70", your_ref="SHOP-1042", entry_date=date(2026, 3, 2), lines=(ENTRY_LINE,))


def test_an_entry_is_booked_with_its_day_and_its_vat() -> None:
    script = Script(stored("entry_created", 201))
    entry = client_of(script).create_entry(ENTRY)
    assert (entry.id, entry.number, entry.is_final, entry.dated) == (ID, "26700001", True, date(2026, 3, 2))
    assert (entry.amount_fc, entry.vat_amount, entry.amount_excl) == (D("127.05"), D("22.05"), D("105"))
    (request,) = script.sent
    assert (request.method, request.full_url) == ("POST", f"{ROOT}salesentry/SalesEntries")
    assert json.loads(request.body() or b"", parse_float=D) == {
        "Customer": OTHER,
        "Journal": "70",
        "YourRef": "SHOP-1042",
        "EntryDate": "2026-03-02",
        "SalesEntryLines": [
            {"AmountFC": D("105.00"), "VATAmountFC": D("22.05"), "GLAccount": OTHER, "VATCode": "4", "Quantity": 3}
        ],
    }


@pytest.mark.parametrize("fields", [{"Division": 999}, {"YourRef": "SHOP-9"}, {"EntryID": None}])
def test_a_booked_entry_that_is_not_ours_leaves_the_outcome_open(fields: dict[str, object]) -> None:
    with pytest.raises(errors.OutcomeUnknown):
        client_of(Script(changed("entry_created", **fields))).create_entry(ENTRY)


def booked(entry_id: str, reference: str = "SHOP-1042", entry_type: int = 20) -> dict[str, object]:
    return {"EntryID": entry_id, "YourRef": reference, "Type": entry_type, "Division": 123456}


def test_entries_are_found_by_their_transaction_lines_of_the_same_reference_and_type() -> None:
    rows = [booked(ID), booked(ID), booked(OTHER, entry_type=21), booked(OTHER, reference="SHOP-10421")]
    entry = sample("exact/entry_created.json")["d"]
    script = Script(reply({"d": {"results": rows}}), reply({"d": {"results": [entry]}}))
    assert [found.id for found in client_of(script).find_entries("shop-1042", 20)] == [ID]
    assert script.sent[0].url == f"{ROOT}financialtransaction/TransactionLines"
    assert script.sent[1].params["$filter"] == f"EntryID eq guid'{ID}'"


def test_without_transaction_lines_there_is_no_entry_and_no_second_call() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).find_entries("SHOP-1042", 20) == []
    assert len(script.sent) == 1


def test_an_entry_that_the_books_name_and_that_is_not_shown_may_only_be_late() -> None:
    script = Script(reply({"d": {"results": [booked(ID)]}}), reply({"d": {"results": []}}))
    with pytest.raises(errors.Unavailable, match="does not show yet"):
        client_of(script).find_entries("SHOP-1042", 20)


def test_another_entry_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(errors.UnexpectedResponse):
        client_of(Script(changed("entry_created", EntryID=OTHER))).read_entry(ID)


def test_an_entry_that_is_gone_costs_no_error() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).read_entry(ID) is None
    assert script.sent[0].params["$filter"] == f"EntryID eq guid'{ID}'"


def test_a_line_of_another_entry_is_refused() -> None:
    row = {"ID": OTHER, "EntryID": OTHER, "LineNumber": 1, "AmountFC": 1.0, "VATAmountFC": 0.0, "Division": 123456}
    with pytest.raises(errors.UnexpectedResponse, match="another document"):
        client_of(Script(reply({"d": {"results": [row]}}))).entry_lines(ID)
