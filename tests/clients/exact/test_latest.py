"""The newest documents with the codes that they used: few calls, twenty ids in each."""

from decimal import Decimal

from connector.clients.exact.latest import newest_entries, newest_invoices
from tests.clients.exact.test_client import client_of
from tests.clients.scripted import Script, reply

IDS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(25)]
ACCOUNT = "10000000-0000-4000-8000-000000000000"
REVENUE = "20000000-0000-4000-8000-00000000000A"


def test_invoices_come_with_their_lines_and_countries() -> None:
    heads = [{"InvoiceID": each, "OrderedBy": ACCOUNT, "Journal": "70", "VATAmountFC": 4.2} for each in IDS]
    line = {"InvoiceID": IDS[0], "ItemCode": "MUG", "GLAccount": REVENUE, "VATCode": "2  ", "AmountFC": 20}
    account = {"ID": ACCOUNT.upper(), "Country": "NL "}
    script = Script(*(reply({"d": {"results": rows}}) for rows in (heads, [line, line], [], [account])))
    first, second, *_rest = newest_invoices(client_of(script))
    assert (first.journal, first.country, first.vat) == ("70", "NL", Decimal("4.2"))
    assert [(each.item, each.gl_account, each.vat_code, each.net) for each in first.lines] == [
        ("MUG", REVENUE.casefold(), "2", Decimal(20))
    ] * 2
    assert second.lines == ()
    newest, lines, more, accounts = script.sent
    assert (newest.params["$orderby"], newest.params["$top"]) == ("Created desc", "40")
    assert [sent.params["$filter"].count("guid'") for sent in (lines, more, accounts)] == [20, 5, 1]


def test_entries_have_no_items() -> None:
    head = {"EntryID": IDS[0], "Customer": ACCOUNT, "Journal": "70", "VATAmountFC": 2.1}
    line = {"EntryID": IDS[0], "GLAccount": REVENUE, "VATCode": "4", "CostCenter": "WEB", "AmountFC": 10}
    script = Script(*(reply({"d": {"results": [row]}}) for row in (head, line, {"ID": ACCOUNT, "Country": "BE"})))
    (entry,) = newest_entries(client_of(script))
    assert (entry.country, entry.lines[0].cost_center, entry.lines[0].item) == ("BE", "WEB", "")


def test_a_division_without_documents_costs_one_call() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert newest_invoices(client_of(script)) == []
    assert len(script.sent) == 1
