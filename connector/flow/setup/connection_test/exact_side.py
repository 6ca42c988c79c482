"""Is Exact as posting needs it? Rights are tried by reading: a call or two a kind, some fifteen in all."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from connector.clients.errors import ClientError, EndpointClosed, Forbidden
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import DivisionInfo, Me
from connector.domain.choices import DocumentForm
from connector.domain.document.explain import explain
from connector.domain.invoice.draft import SALES_ENTRY, SALES_INVOICE
from connector.domain.rules.chart import SALES_JOURNAL
from connector.flow.outbound.access_tokens import exact_base_url
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test.findings import EXACT_SIDE, REASONS, Finding, clock
from connector.flow.setup.connection_test.used_codes import Used
from connector.flow.setup.master_data import NEEDED, NOT_FOR_US
from connector.models import Division, MasterData

# Records of a kind that are read: at most five calls. What lies beyond is known from the last pull.
MOST_READ = 300
# Nobody has it, so that the two look-ups hand out nothing.
NOBODY = "CONNECTION-TEST"
ALWAYS_TRIED = ("journal", "vat_code", "gl_account", "item", "cost_center", "layout")
ACTIVE = 1  # system/Divisions.Status
QUARTER = timedelta(minutes=15)
Data = Mapping[str, object]
LABELS = {kind: label for kind, label in MasterData.Kind.choices}


def steps(division: Division, clients: LaneClients, used: Sequence[Used], document: str) -> Iterator[Finding]:
    """Test one division with its consent, whether its `document`s may be made, and whether the codes `used` are there.

    Raises the client's errors where going on makes no sense: the consent, the licence or the division is shut.
    """
    region, client = division.grant.region, clients.exact
    yield Finding(EXACT_SIDE, "region", True, f"The region is {region}, at {exact_base_url(region)}.")
    clients.tokens.token()
    yield from _user(client)
    reached = _division(division, client)
    yield reached
    if reached.ok is False:
        return  # everything below lies in it
    yield _right("accounts", True, lambda: client.accounts_by_search_code(NOBODY))
    if document == DocumentForm.SALES_ENTRY:
        yield _right("sales entries", True, lambda: client.entries_numbered(0))
        yield _right("transaction lines", True, lambda: client.find_entries(NOBODY, SALES_ENTRY))
    else:
        yield _right("invoices", True, lambda: client.find_invoices(NOBODY, SALES_INVOICE))
    named = {use.kind for use in used}
    for kind in dict.fromkeys((*ALWAYS_TRIED, *sorted(named))):
        pulled: dict[str, Data] = dict(division.master_data.filter(kind=kind).values_list("code", "data"))
        read: dict[str, Data] = {}
        right = _right(f"{LABELS[kind]}s", kind in NEEDED | named, _reader(client, kind, read, pulled))
        yield right
        if right.ok:
            yield from _codes(kind, [use for use in used if use.kind == kind], read, pulled)


def _user(client: ExactClient) -> Iterator[Finding]:
    try:
        now = datetime.now(UTC).replace(tzinfo=None)
        me = client.me()
    except (Forbidden, EndpointClosed) as refusal:
        yield _refused("user", False, refusal)
        return
    yield Finding(EXACT_SIDE, "token", True, "Exact takes the access token.")
    yield Finding(EXACT_SIDE, "user", True, f"{me.full_name or me.user_id} gave the consent.")
    yield from _clock(me, now)


def _clock(me: Me, now: datetime) -> Iterator[Finding]:
    """Exact tells its server's local time and not the zone. All zones are whole quarters of an hour away from UTC,
    so what is left of a quarter is the difference; BigCommerce's clock tells larger ones."""
    if me.server_time is not None:
        off = now - me.server_time
        yield clock(EXACT_SIDE, off - round(off / QUARTER) * QUARTER)


def _division(division: Division, client: ExactClient) -> Finding:
    try:
        found = {info.code: info for info in client.divisions()}
    except (*NOT_FOR_US, EndpointClosed) as refusal:
        return _refused("divisions", False, refusal)
    info = found.get(division.code)
    if info is not None:
        return _state(info)
    told = explain("", "NoDivisionAccess")
    text = f"Division {division.code} is not among those that the consent reaches. {told.what_happened}"
    return Finding(EXACT_SIDE, "division", False, text, told.who, told.where)


def _state(info: DivisionInfo) -> Finding:
    name = f"Division {info.code} {info.description}".strip()
    if info.blocking_status:
        told = explain("", "DivisionBlocked")
        return Finding(EXACT_SIDE, "division", False, f"{name}: {told.what_happened}", told.who, told.where)
    if info.status != ACTIVE:
        text = f"{name} is inactive or archived in Exact."
        todo = "An administrator of your Exact licence makes it active again, or the connection takes another division."
        return Finding(EXACT_SIDE, "division", False, text, todo, "exact")
    return Finding(EXACT_SIDE, "division", True, f"{name} is active.")


def _right(what: str, needed: bool, read: Callable[[], object]) -> Finding:
    try:
        read()
    except (*NOT_FOR_US, EndpointClosed) as refusal:
        return _refused(what, needed, refusal)
    return Finding(EXACT_SIDE, f"right to read {what}", True, f"The {what} may be read.")


def _refused(what: str, needed: bool, refusal: ClientError) -> Finding:
    """A refusal that concerns this kind only. Raises it when it concerns the user, the licence or the division."""
    if isinstance(refusal, EndpointClosed):
        todo = "Mend what it told before, wait an hour, then test again: more refusals would have Exact block the app."
        return Finding(EXACT_SIDE, f"right to read {what}", False if needed else None, f"{refusal}.", todo)
    reason = refusal.reason if isinstance(refusal, Forbidden) else ""
    if reason in REASONS:
        raise refusal
    told = explain("", reason or str(refusal))
    scope = f" The scope is {reason}." if reason else ""
    text = f"The {what} may not be read. {told.what_happened}{scope}"
    if not needed:
        text, todo = f"{text} Nothing in force needs them.", f"Nothing to do as long as that is so. Else: {told.who}"
        return Finding(EXACT_SIDE, f"right to read {what}", None, text, todo, told.where)
    return Finding(EXACT_SIDE, f"right to read {what}", False, text, told.who, told.where)


def _reader(client: ExactClient, kind: str, read: dict[str, Data], pulled: Mapping[str, Data]) -> Callable[[], None]:
    """Fills `read` with the records of a kind by code: as they are now, and beyond the bound as they were pulled."""

    def fill() -> None:
        now = {record.code: record.data for record in islice(client.master_data(kind), MOST_READ + 1)}
        if len(now) > MOST_READ:
            read.update(pulled)
        read.update(now)

    return fill


def _codes(kind: str, used: list[Used], known: Mapping[str, Data], pulled: Collection[str]) -> Iterator[Finding]:
    label, name = LABELS[kind], f"{LABELS[kind]}s in use"
    right = True
    for use in used:
        if wrong := _wrong(kind, use.code, known, pulled):
            right = False
            text = f"The {label} {use.code}, named by {use.place}, {wrong}."
            todo = "An accountant chooses another one there, or puts it right in Exact and pulls the master data."
            yield Finding(EXACT_SIDE, name, False, text, todo, use.page)
    if used and right:
        yield Finding(EXACT_SIDE, name, True, f"Each {label} in use is there: {', '.join(use.code for use in used)}.")


def _wrong(kind: str, code: str, known: Mapping[str, Data], pulled: Collection[str]) -> str:
    if code not in known:
        return "is not in the division"
    if unusable := _unusable(kind, known[code]):
        return unusable
    return "" if code in pulled else "is in Exact, but not in the master data that was pulled last"


def _unusable(kind: str, data: Data) -> str:
    if data.get("blocked"):
        return "is blocked"
    if data.get("ended"):
        return "has ended"
    if kind == "item" and not data.get("is_sales", True):
        return "is no sales item"
    if kind == "vat_code" and data.get("transaction_type") == "P":
        return "is for purchases only"
    if kind == "journal" and data.get("type") != SALES_JOURNAL:
        return "is no sales journal"
    return ""
