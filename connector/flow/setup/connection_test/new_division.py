"""Asks a division that is not used yet whether everything is there that posting needs, by a dozen calls, which read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.domain.invoice.draft import SALES_INVOICE
from connector.domain.rules.chart import SALES_JOURNAL
from connector.flow.outbound import clients
from connector.flow.setup.connection_test.exact_side import MOST_READ, PLURALS, UNKNOWN_CODE, reach, right, user
from connector.flow.setup.connection_test.findings import EXACT_SIDE, Finding, collect_findings, named_elsewhere
from connector.flow.setup.master_data import NEEDED
from connector.models import ExactGrant, MasterData

Kind = MasterData.Kind
# Each list that posting can use is tried.
TRIED = (
    Kind.GL_ACCOUNT,
    Kind.VAT_CODE,
    Kind.JOURNAL,
    Kind.ITEM,
    Kind.LAYOUT,
    Kind.PAYMENT_CONDITION,
    Kind.COST_CENTER,
)
FOR_SALES = {"", "B", "S"}  # vat/VATCodes, VATTransactionType: both, or sales


@dataclass(slots=True)
class Answer:
    """What the division answered: `facts` are label and text."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def ask(grant: ExactGrant, code: int) -> Answer:
    """Ask a division that the consent reaches. A failure is a finding."""
    answer = Answer()
    row = next((row for row in grant.reachable if row["code"] == code), None)
    if row is not None:
        answer.facts = [
            (_("Division"), f"{row['code']} {row['name']}".strip()),
            (_("Country"), row["country"]),
            (_("Currency"), row["currency"]),
        ]
    answer.findings = collect_findings(EXACT_SIDE, _findings(clients.exact_client(grant, code), answer))
    return answer


def _findings(client: ExactClient, answer: Answer) -> Iterator[Finding]:
    """Yield a finding for the user, the clock and each right, and fill in the answer's facts."""
    yield from user(client)
    reached = reach(client.division, client)
    yield reached
    if reached.ok is False:
        return  # the licence or the division is closed: each further call would be refused
    yield right(_("accounts"), True, lambda: client.accounts_by_search_code(UNKNOWN_CODE))
    yield right(_("invoices"), True, lambda: client.find_invoices(UNKNOWN_CODE, SALES_INVOICE))
    yield right(_("sales entries"), False, lambda: client.entries_numbered(0))
    for kind in TRIED:
        found: list[MasterRecord] = []
        yield right(str(PLURALS[kind]), kind in NEEDED, partial(_fill, client, kind, found))
        answer.facts += _facts(kind, found)


def _fill(client: ExactClient, kind: str, found: list[MasterRecord]) -> None:
    found += islice(client.master_data(kind, named_elsewhere), MOST_READ)


def _facts(kind: str, found: list[MasterRecord]) -> Iterator[tuple[str, str]]:
    if kind == Kind.VAT_CODE:
        used = [each for each in found if each.data.get("transaction_type", "") in FOR_SALES]
        yield _("VAT codes for sales"), _rates([each for each in used if not each.data.get("blocked")])
    elif kind == Kind.JOURNAL:
        yield (
            _("Sales journals"),
            _names([each for each in found if each.data.get("type") == SALES_JOURNAL]) or _("none"),
        )


def _names(found: list[MasterRecord]) -> str:
    return ", ".join(f"{each.code} {each.name}".strip() for each in found)


def _rates(found: list[MasterRecord]) -> str:
    """Say how many codes there are, and their percentages."""
    rates = sorted({Decimal(str(each.data.get("percentage") or "0")) for each in found})
    text = ngettext("%(number)s code: %(rates)s", "%(number)s codes: %(rates)s", len(found))
    return (
        text % {"number": len(found), "rates": ", ".join(f"{rate.normalize():f} %" for rate in rates)}
        if found
        else _("none")
    )
