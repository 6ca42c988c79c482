"""Exact Online's REST API for one division: master data, accounts, sales invoices and sales entries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from connector.clients.errors import Rejected, Unavailable
from connector.clients.exact import master, records
from connector.clients.exact.bodies import AccountIn, AddressIn, BankEntryIn, EntryIn, InvoiceIn
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.wire import Row, guid, quoted, read_one, same, text
from connector.clients.rows import Odd
from connector.clients.strict_json import Unreadable
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

T = TypeVar("T")

# The most ids in one look-up: the address must not grow too long.
MOST_IDS = 20
_INVOICES = "salesinvoice/SalesInvoices"
_LINES = "salesinvoice/SalesInvoiceLines"
_ENTRIES = "salesentry/SalesEntries"
_TRANSACTIONS = "financialtransaction/TransactionLines"
# A filter that every record passes. Some apps must filter where an endpoint has a sync twin (picqer#591).
_EVERYTHING = "Modified gt datetime'1990-01-01T00:00:00'"


class ExactClient(DivisionCalls):
    """One division, pinned in every address and compared in every answer.

    Every method raises the classes of `clients.errors`; reads never raise OutcomeUnknown. The address in each
    docstring is the page of Exact's reference.
    """

    def me(self) -> records.Me:
        """The user who consented, and the division that they used last.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SystemSystemMe"""
        request = ("GET", f"{self._base}/api/v1/current/Me", {"$select": records.ME}, None)
        return self._call(request, lambda answer: records.read_me(read_one(answer)), "current/Me")

    def divisions(self, odd: Odd) -> list[records.DivisionInfo]:
        """The divisions that the consent reaches. `odd` gets those that are left out because they cannot be read.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SystemSystemDivisions"""
        return list(self.pages("system/Divisions", records.DIVISION, records.read_division, odd=odd))

    def master_data(self, kind: str, odd: Odd | None = None) -> Iterator[master.MasterRecord]:
        """All records of a kind of `master.KINDS`, sixty a call; `odd` gets those that are left out because they
        cannot be read. The page lists the reference of every kind.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        try:
            yield from self._master_data(kind, "", odd)
        except Rejected as error:  # it comes at the first page, so no record was yielded yet
            if "mandatory filtering" not in error.detail.casefold():
                raise
            yield from self._master_data(kind, _EVERYTHING, odd)

    def master_data_of(self, kind: str, codes: Sequence[str]) -> Iterator[master.MasterRecord]:
        """The records of a kind with these codes, twenty a call. One that cannot be read is left out.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        name = master.KINDS[kind].code
        for first in range(0, len(codes), MOST_IDS):
            some = codes[first : first + MOST_IDS]
            yield from self._master_data(kind, " or ".join(f"{name} eq {quoted(code)}" for code in some), None)

    def _master_data(self, kind: str, where: str, odd: Odd | None) -> Iterator[master.MasterRecord]:
        shape, today = master.KINDS[kind], datetime.now(UTC).date()
        found = self.pages(shape.path, shape.select, lambda row: master.read_record(kind, row, today), where, odd)
        return (record for record in found if record is not None)

    def accounts_since(self, timestamp: int, odd: Odd) -> Iterator[records.Account]:
        """Accounts changed after a sync Timestamp (0 = all), a thousand a call. Keep the highest one. `odd` gets
        those that are left out because they cannot be read.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SyncCRMAccounts"""
        where = f"Timestamp gt {int(timestamp)}L"
        return self.pages("sync/CRM/Accounts", records.SYNC_ACCOUNT, records.read_account, where, odd)

    def accounts_by_search_code(self, code: str) -> list[records.Account]:
        """The accounts with this SearchCode.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
        return list(self.pages("crm/Accounts", records.ACCOUNT, records.read_account, f"SearchCode eq {quoted(code)}"))

    def has_account(self, account_id: str) -> bool:
        """Whether Exact has the account. It is asked by a filter, because a 404 counts as an error.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
        return any(self.pages("crm/Accounts", "ID,Division", lambda row: text(row, "ID"), f"ID eq {guid(account_id)}"))

    def create_account(self, account: AccountIn) -> records.Account:
        """Create an account. What the answer leaves out is taken from what was sent.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
        body = account.body()

        def read(answer: object) -> records.Account:
            given = {key: value for key, value in self.own(read_one(answer)).items() if value is not None}
            return records.read_account({**body, **given})

        return self.post("crm/Accounts", body, read)

    def give_vat_number(self, account_id: str, number: str) -> None:
        """Enter an account's VAT number. It may be repeated.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAccounts"""
        self.put(f"crm/Accounts({guid(account_id)})", {"VATNumber": number})

    def create_address(self, address: AddressIn) -> str:
        """Create an address and return its id. If an identical one exists, Exact returns the id of that one.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=CRMAddresses"""
        return self.post(
            "crm/Addresses", address.body(), lambda found: records.required(self.own(read_one(found)), "ID")
        )

    def find_invoices(self, reference: str, invoice_type: int) -> list[records.Invoice]:
        """The invoices with our reference (YourRef, compared trimmed and without regard to case) and type.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""

        def read(row: Row) -> list[records.Invoice]:
            return [records.read_invoice(row)] if records.is_ours(row, invoice_type, reference) else []

        found = self.pages(_INVOICES, records.INVOICE, read, f"YourRef eq {quoted(reference)}")
        return [each for rows in found for each in rows]

    def create_invoice(self, invoice: InvoiceIn) -> records.Invoice:
        """Create an open invoice. Raises OutcomeUnknown also when the answer has another division, type or
        reference: then look for our reference.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""

        def read(answer: object) -> records.Invoice:
            row = self.own(read_one(answer))
            made = records.read_invoice(row)
            if row.get("Type") is not None and made.type != invoice.type:
                raise Unreadable(_("the invoice has another type than the one sent"))
            if row.get("YourRef") is not None and not same(made.your_ref, invoice.your_ref):
                raise Unreadable(_("the invoice has another reference than the one sent"))
            return made

        return self.post(_INVOICES, invoice.body(), read)

    def print_invoice(
        self,
        invoice_id: str,
        *,
        layout_id: str | None,
        invoice_date: date | None = None,
        send_email: bool = False,
    ) -> records.Printed:
        """Number, book and print an invoice: it is final then. Without a date it gets the day of printing. Every
        way of sending is set, so that no account's preference decides.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoicePrintedSalesInvoices"""
        guid(invoice_id)
        body: dict[str, object] = {
            "InvoiceID": invoice_id,
            "SendEmailToCustomer": send_email,
            "SendInvoiceToCustomerPostbox": False,
            "SendOutputBasedOnAccount": False,
        }
        if layout_id:
            body["DocumentLayout"] = layout_id
        if invoice_date:
            body["InvoiceDate"] = invoice_date.isoformat()

        def read(answer: object) -> records.Printed:
            printed = records.read_printed(self.own(read_one(answer)))
            if printed.invoice_id and printed.invoice_id.casefold() != invoice_id.casefold():
                raise Unreadable(_("another invoice was printed than the one asked for"))
            return printed

        return self.post("salesinvoice/PrintedSalesInvoices", body, read)

    def read_invoice(self, invoice_id: str) -> records.Invoice | None:
        """One invoice; None when Exact does not have it. It is asked by a filter, because a 404 counts as an error.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        return self._one(_INVOICES, records.INVOICE, records.read_invoice, "InvoiceID", invoice_id)

    def invoice_lines(self, invoice_id: str) -> list[records.InvoiceLine]:
        """The lines of one invoice in their order, sixty a call.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoiceLines"""
        return self._lines_of(invoice_id, "InvoiceID", _LINES, records.INVOICE_LINE)

    def _lines_of(self, key: str, name: str, path: str, select: str) -> list[records.InvoiceLine]:
        def read(row: Row) -> records.InvoiceLine:
            if text(row, name).casefold() != key.casefold():
                raise Unreadable(_("a line of another document than the one asked for"))
            return records.read_invoice_line(row)

        found = self.pages(path, select, read, f"{name} eq {guid(key)}")
        return sorted(found, key=lambda line: line.number)

    def create_entry(self, entry: EntryIn) -> records.Invoice:
        """Book a sales entry; it is never changed. Raises OutcomeUnknown also when the answer has another division
        or reference: then look for our reference.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries"""

        def read(answer: object) -> records.Invoice:
            row = self.own(read_one(answer))
            if row.get("YourRef") is not None and not same(text(row, "YourRef"), entry.your_ref):
                raise Unreadable(_("the entry has another reference than the one sent"))
            return records.read_entry(row)

        return self.post(_ENTRIES, entry.body(), read)

    def read_entry(self, entry_id: str) -> records.Invoice | None:
        """One sales entry; None when Exact does not have it. It is asked by a filter, as an invoice is.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries"""
        return self._one(_ENTRIES, records.ENTRY, records.read_entry, "EntryID", entry_id)

    def entry_lines(self, entry_id: str) -> list[records.InvoiceLine]:
        """The lines of one sales entry in their order, sixty a call.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntryLines"""
        return self._lines_of(entry_id, "EntryID", "salesentry/SalesEntryLines", records.ENTRY_LINE)

    def find_entries(self, reference: str, entry_type: int) -> list[records.Invoice]:
        """The sales entries with our reference and type. Exact filters transaction lines by YourRef, but not
        entries: a second call reads the entries that the lines name. Raises Unavailable when Exact does not show one
        of them: it may only be late.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=FinancialTransactionTransactionLines"""

        def read(row: Row) -> str:
            return records.required_id(row, "EntryID") if records.is_ours(row, entry_type, reference) else ""

        found = self.pages(_TRANSACTIONS, records.ENTRY_REFERENCE, read, f"YourRef eq {quoted(reference)}")
        named = dict.fromkeys(filter(None, found))
        if not named:
            return []
        where = " or ".join(f"EntryID eq {guid(entry_id)}" for entry_id in list(named)[:MOST_IDS])
        entries = list(self.pages(_ENTRIES, records.ENTRY, records.read_entry, where))
        if len(entries) < min(len(named), MOST_IDS):
            raise Unavailable(_("Exact's books name an entry that it does not show yet"), endpoint=_ENTRIES)
        return entries

    def entries_numbered(self, number: int) -> list[records.Invoice]:
        """The sales entries with this EntryNumber. Several journals or years can have the same number.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries"""
        return list(self.pages(_ENTRIES, records.ENTRY, records.read_entry, f"EntryNumber eq {int(number)}"))

    def correct_line(
        self, line_id: str, *, vat_amount: Decimal | None = None, net_price: Decimal | None = None
    ) -> None:
        """Change a line of an open invoice: its VAT, or its price per unit. Raises Rejected when it is printed.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoiceLines"""
        changes = {"VATAmountFC": vat_amount, "NetPrice": net_price}
        self.put(f"{_LINES}({guid(line_id)})", {name: value for name, value in changes.items() if value is not None})

    def describe_invoice(self, invoice_id: str, description: str) -> None:
        """Change the description of an open invoice. Raises Rejected when it is printed.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        self.put(f"{_INVOICES}({guid(invoice_id)})", {"Description": description})

    def invoices_numbered(self, number: int) -> list[records.Invoice]:
        """The invoices with this InvoiceNumber. Several journals or years can have the same number.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        return list(self.pages(_INVOICES, records.INVOICE, records.read_invoice, f"InvoiceNumber eq {int(number)}"))

    def delete_invoice(self, invoice_id: str) -> None:
        """Delete an open invoice. Raises NotFound when it no longer exists, which counts as an error at Exact: read
        it first. Raises Rejected when it is printed.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        self.delete(f"{_INVOICES}({guid(invoice_id)})")

    def create_bank_entry(self, entry: BankEntryIn) -> tuple[str, str]:
        """Book money that came in, and return the entry's id and number. It is booked at once and never changed.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=FinancialTransactionBankEntries"""

        def read(answer: object) -> tuple[str, str]:
            row = self.own(read_one(answer))
            return records.required(row, "EntryID"), text(row, "EntryNumber")

        return self.post("financialtransaction/BankEntries", entry.body(), read)

    def find_bank_lines(self, journal: str, description: str) -> list[records.BankLine]:
        """The transaction lines of a journal with exactly this description. Bank entries have no field for our
        reference, and Exact filters them by no text.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=FinancialTransactionTransactionLines"""
        where = f"Description eq {quoted(description)} and JournalCode eq {quoted(journal)}"
        return list(self.pages(_TRANSACTIONS, records.BANK_LINE, records.read_bank_line, where))

    def newest(self, path: str, select: str, read: Callable[[Row], T], *, by: str, most: int) -> list[T]:
        """The newest records of a list by a date of theirs, at most sixty, in one call.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        return list(self.pages(path, select, read, more={"$orderby": f"{by} desc", "$top": str(most)}))

    def of_ids(
        self, path: str, select: str, read: Callable[[Row], T], *, name: str, ids: Sequence[str], expand: str = ""
    ) -> list[T]:
        """The records with one of up to twenty ids in the property `name`. Raises BadValue for an odd id.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        more = {"$expand": expand} if expand else None
        return list(self.pages(path, select, read, " or ".join(f"{name} eq {guid(each)}" for each in ids), more=more))

    def invoices_of(self, ids: Sequence[str]) -> list[records.Invoice]:
        """Up to twenty invoices with their lines, in one call, and one for each whose lines did not all come with it.
        Deleted invoices are left out.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        select, lines = records.INVOICE_AND_LINES, "SalesInvoiceLines"
        found = self.of_ids(_INVOICES, select, records.read_invoice, name="InvoiceID", ids=ids, expand=lines)
        return [each if each.has_all_lines else _with(each, self.invoice_lines(each.id)) for each in found]

    def entries_of(self, ids: Sequence[str]) -> list[records.Invoice]:
        """Up to twenty sales entries with their lines, as `invoices_of`.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries"""
        select, lines = records.ENTRY_AND_LINES, "SalesEntryLines"
        found = self.of_ids(_ENTRIES, select, records.read_entry, name="EntryID", ids=ids, expand=lines)
        return [each if each.has_all_lines else _with(each, self.entry_lines(each.id)) for each in found]

    def invoice_numbers(self, ids: Sequence[str]) -> dict[str, str]:
        """The numbers of up to twenty invoices in one call, "" for one that has none yet. Deleted invoices are left
        out. Raises BadValue for more than twenty ids.
        https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoices"""
        if len(ids) > MOST_IDS:
            raise BadValue(_("at most %(most)s invoices at a time"), most=MOST_IDS)
        if not ids:
            return {}
        asked = {number.casefold(): number for number in ids}
        rows = self.of_ids(_INVOICES, records.NUMBER, records.read_number, name="InvoiceID", ids=ids)
        return {asked[found]: number for found, number in rows if found in asked}

    def _one(
        self, path: str, select: str, read: Callable[[Row], records.Invoice], name: str, key: str
    ) -> records.Invoice | None:
        """The record whose id is `key`; None when Exact does not have it. Raises UnexpectedResponse for another one."""

        def own(row: Row) -> records.Invoice:
            if (record := read(row)).id.casefold() != key.casefold():
                raise Unreadable(_("another document than the one asked for"))
            return record

        return next(iter(list(self.pages(path, select, own, f"{name} eq {guid(key)}"))), None)


def _with(invoice: records.Invoice, lines: Sequence[records.InvoiceLine]) -> records.Invoice:
    return replace(invoice, lines=tuple(lines))
