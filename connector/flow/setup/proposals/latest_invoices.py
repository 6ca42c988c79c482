"""What the division's latest invoices used: journal, item, GL account, cost centre and VAT code, by country."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial

from connector.clients.exact.client import ExactClient
from connector.clients.exact.latest import Latest, newest_entries, newest_invoices
from connector.domain.rules.chart import Chart
from connector.domain.rules.propose.facts import UsedInvoice, UsedLine
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.setup.master_data import NO_ACCESS


def read_latest(client: ExactClient, tell: Tell, patience: int) -> list[Latest]:
    """Return the newest invoices and entries, with about twelve calls. Those that may not be read count as none.

    Raises ClientError.
    """
    found: list[Latest] = []
    for read in (newest_invoices, newest_entries):
        try:
            found += within_budget(partial(read, client), tell, patience)
        except NO_ACCESS:
            continue
    return found


def used_lines(latest: Iterable[Latest], chart: Chart) -> tuple[UsedLine, ...]:
    """Return the lines with the codes that they used; an account that the division no longer has is ""."""
    codes = {account.id.casefold(): account.code for account in chart.gl_accounts.values()}
    return tuple(
        UsedLine(
            country=document.country,
            journal=document.journal,
            gl_account=codes.get(line.gl_account, ""),
            vat_code=line.vat_code,
            item=line.item,
            cost_center=line.cost_center,
            cost_unit=line.cost_unit,
        )
        for document in latest
        for line in document.lines
    )


def used_invoices(latest: Iterable[Latest]) -> tuple[UsedInvoice, ...]:
    """Return the amounts by VAT code of each document, and its VAT."""
    return tuple(
        UsedInvoice(
            _by_code((line.vat_code, line.net) for line in document.lines),
            _by_code((line.vat_code, line.gross) for line in document.lines),
            document.vat,
        )
        for document in latest
        if document.lines
    )


def _by_code(amounts: Iterable[tuple[str, Decimal]]) -> Mapping[str, tuple[Decimal, ...]]:
    found: dict[str, tuple[Decimal, ...]] = {}
    for code, amount in amounts:
        found[code] = (*found.get(code, ()), amount)
    return found
