"""The kinds of document of the runs, and our calls for each kind.

Another kind is one more entry: the calls that a fault can strike while it is made, the points on its way, what the
connection must say, and whether a refund asks for it. Its place in `plan.ROUND` says how many of the runs are about it;
`expected_documents` says what Exact must have of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.flow.fault_points import POINTS

STORE, DIVISION = "nlshop1", 100001
API = f"/api/v1/{DIVISION}"
INVOICES, ENTRIES = f"{API}/salesinvoice/SalesInvoices", f"{API}/salesentry/SalesEntries"


@dataclass(frozen=True)
class Call:
    """A call of ours that a fault can strike, after letting some `pass_by`; `lead` is another fault without which it
    would not be made."""

    name: str
    method: str
    path: str
    lead: str = ""
    pass_by: int = 0

    @property
    def is_of_the_store(self) -> bool:
        """Whether BigCommerce answers the call."""
        return self.path.startswith("/stores/")


@dataclass(frozen=True, eq=False)
class Document:
    """A kind of document. `asks` is what the connection is set to, `of_a_refund`: its order was posted before and
    is refunded. `points` are those on its way, `stale` the reads that may come too early, `late` the
    writes that are seen late."""

    name: str
    calls: Mapping[str, Call]
    stale: tuple[str, ...]
    late: tuple[str, ...] = ("create",)
    points: tuple[str, ...] = POINTS
    asks: Mapping[str, object] = field(default_factory=dict)
    of_a_refund: bool = False

    def struck_by(self, kind: str) -> list[str]:
        """The names of the calls that a fault of this kind strikes."""
        return list({"stale_read": self.stale, "read_lag": self.late}.get(kind, self.calls))


def _named(*calls: Call) -> dict[str, Call]:
    return {call.name: call for call in calls}


CREATE = Call("create", "POST", INVOICES)
PRINT = Call("print", "POST", f"{API}/salesinvoice/PrintedSalesInvoices")
SEARCH = Call("search", "GET", INVOICES, lead="create")
TOKEN = Call("token", "POST", "/api/oauth2/token")
ORDER = Call("order", "GET", f"/stores/{STORE}/v2/orders/*")

WHOSE = (
    Call("account", "POST", f"{API}/crm/Accounts"),
    Call("accounts", "GET", f"{API}/sync/CRM/Accounts"),
    Call("account search", "GET", f"{API}/crm/Accounts", lead="account"),
)

INVOICE = Document(
    "invoice",
    _named(
        CREATE,
        PRINT,
        SEARCH,
        Call("read invoice", "GET", INVOICES, lead="print"),
        *WHOSE,
        Call("address", "POST", f"{API}/crm/Addresses"),
        TOKEN,
        ORDER,
    ),
    stale=("search", "read invoice", "account search", "order"),
)
CREDIT_NOTE = Document(
    "credit note",
    _named(
        CREATE,
        PRINT,
        # The first of these reads is that of the invoice that is credited.
        Call("search", "GET", INVOICES, lead="create", pass_by=1),
        Call("read invoice", "GET", INVOICES),
        Call("read back", "GET", INVOICES, pass_by=1),
        Call("read lines", "GET", f"{API}/salesinvoice/SalesInvoiceLines"),
        TOKEN,
        ORDER,
        Call("refunds", "GET", f"/stores/{STORE}/v3/orders/*/payment_actions/refunds"),
    ),
    stale=("search", "read back", "read lines", "order"),
    asks={"refunds": "credit"},
    of_a_refund=True,
)
SALES_ENTRY = Document(
    "sales entry",
    _named(
        Call("create", "POST", ENTRIES),
        Call("search", "GET", f"{API}/financialtransaction/TransactionLines", lead="create"),
        Call("read found", "GET", ENTRIES, lead="create"),
        Call("read lines", "GET", f"{API}/salesentry/SalesEntryLines"),
        *WHOSE,
        TOKEN,
        ORDER,
    ),
    stale=("search", "read found", "read lines", "account search", "order"),
    asks={"document": "sales_entry", "force_vat": True},
    points=tuple(point for point in POINTS if point != "printed_before_record"),
)
DOCUMENTS = {document.name: document for document in (INVOICE, CREDIT_NOTE, SALES_ENTRY)}
