"""Tests Exact's side of a connection by reading: one or two calls per kind, about fifteen in all."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.errors import ClientError, EndpointClosed, Forbidden
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import DivisionInfo, Me
from connector.domain.choices import DocumentForm
from connector.domain.invoice.draft import SALES_ENTRY, TYPE_OF
from connector.domain.rules.chart import SALES_JOURNAL
from connector.flow.outbound.access_tokens import exact_base_url
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test.findings import (
    EXACT_SIDE,
    REASONS,
    Finding,
    compare_clocks,
    named_elsewhere,
)
from connector.flow.setup.connection_test.used_codes import Used
from connector.flow.setup.master_data import NEEDED, NO_ACCESS
from connector.models import Division, MasterData
from connector.problems.catalogue import EXACT, explain_right

# At most so many records of a kind are read, in five calls. The others are known from the last pull.
MOST_READ = 300
# A code that does not exist, so that a look-up finds nothing.
UNKNOWN_CODE = "CONNECTION-TEST"
ALWAYS_TRIED = ("journal", "vat_code", "gl_account", "item", "cost_center", "layout")
TO_MAKE_ITEMS = ("item_group", "unit")
ACTIVE = 1  # system/Divisions.Status
QUARTER = timedelta(minutes=15)
Data = Mapping[str, object]
Kind = MasterData.Kind
LABELS = {kind: label for kind, label in MasterData.Kind.choices}
PLURALS = {
    Kind.GL_ACCOUNT: gettext_lazy("GL accounts"),
    Kind.COST_CENTER: gettext_lazy("cost centres"),
    Kind.COST_UNIT: gettext_lazy("cost units"),
    Kind.VAT_CODE: gettext_lazy("VAT codes"),
    Kind.JOURNAL: gettext_lazy("journals"),
    Kind.PAYMENT_CONDITION: gettext_lazy("payment conditions"),
    Kind.LAYOUT: gettext_lazy("invoice templates"),
    Kind.ITEM: gettext_lazy("items"),
    Kind.CURRENCY: gettext_lazy("currencies"),
    Kind.PERIOD: gettext_lazy("financial periods"),
    Kind.ITEM_GROUP: gettext_lazy("item groups"),
    Kind.UNIT: gettext_lazy("units"),
    Kind.WAREHOUSE: gettext_lazy("warehouses"),
}


def steps(
    division: Division, clients: LaneClients, used: Sequence[Used], document: str, *, makes_items: bool = False
) -> Iterator[Finding]:
    """Test one division: its consent, the rights that its `document` needs, and the codes `used`.

    `makes_items`: items of unknown SKUs are made, for which their groups and units are read too.

    Raises ClientError when nothing more can be tested: the consent, the licence or the division is closed.
    """
    region, client = division.grant.region, clients.exact
    text = _("The region is %(region)s, at %(address)s.") % {"region": region, "address": exact_base_url(region)}
    yield Finding(EXACT_SIDE, _("region"), True, text)
    clients.tokens.token()
    me = yield from user(client)
    reached = reach(division.code, client)
    yield reached
    if reached.ok is False:
        return  # the other tests need the division
    yield right(_("accounts"), True, lambda: client.accounts_by_search_code(UNKNOWN_CODE))
    if document == DocumentForm.SALES_ENTRY:
        yield right(_("sales entries"), True, lambda: client.entries_numbered(0))
        yield right(_("transaction lines"), True, lambda: client.find_entries(UNKNOWN_CODE, SALES_ENTRY))
    else:
        yield right(_("invoices"), True, lambda: client.find_invoices(UNKNOWN_CODE, TYPE_OF[DocumentForm(document)]))
    named = {use.kind for use in used}
    if document == DocumentForm.DIRECT_INVOICE:
        named.add(Kind.WAREHOUSE.value)
    for kind in dict.fromkeys((*ALWAYS_TRIED, *(TO_MAKE_ITEMS if makes_items else ()), *sorted(named))):
        pulled: dict[str, Data] = dict(division.master_data.filter(kind=kind).values_list("code", "data"))
        read: dict[str, Data] = {}
        tried = right(str(PLURALS[Kind(kind)]), kind in NEEDED or kind in named, _reader(client, kind, read, pulled))
        yield tried
        if tried.ok:
            yield from _codes(kind, [use for use in used if use.kind == kind], read, pulled)
        if tried.ok and kind == Kind.WAREHOUSE and document == DocumentForm.DIRECT_INVOICE:
            yield _edition(me, read)
    if makes_items:
        yield _making()


def _edition(me: Me | None, warehouses: Collection[str]) -> Finding:
    """Say whether the licence seems to have direct invoices. Nothing tells for certain before the first one."""
    name = _("direct invoices")
    has = _(
        "Exact has direct invoices in the Plus, Professional and Premium editions of Wholesale & Distribution and "
        "Manufacturing only."
    )
    if not warehouses:
        text = _("The division has no warehouse. %(editions)s") % {"editions": has}
        todo = _("An accountant chooses another kind of document, or somebody orders such an edition and a warehouse.")
        return Finding(EXACT_SIDE, name, False, text, todo, "connection")
    text = _("Nothing says before the first one whether the licence has them. %(editions)s") % {"editions": has}
    if me and me.package:
        text = " ".join((text, _("Its package is %(package)s.") % {"package": me.package}))
    todo = _("Nothing to do where the edition has them. Else Exact refuses the first one and books nothing.")
    return Finding(EXACT_SIDE, name, None, text, todo, "connection")


def _making() -> Finding:
    """Return the hint about the one right that reading does not show."""
    text = _("Items of unknown SKUs are made. Whether they may be shows with the first one: this test writes nothing.")
    todo = _("Nothing to do. The user who gave the consent needs the right to manage items in Exact.")
    return Finding(EXACT_SIDE, _("right to make items"), None, text, todo, "grant")


def user(client: ExactClient) -> Generator[Finding, None, Me | None]:
    """Ask whose consent it is, and compare the clocks. Returns the user, if the app may know. Raises ClientError."""
    try:
        now = datetime.now(UTC).replace(tzinfo=None)
        me = client.me()
    except (Forbidden, EndpointClosed) as refusal:
        yield _refused(_("user"), False, refusal)
        return None
    yield Finding(EXACT_SIDE, _("token"), True, _("Exact takes the access token."))
    text = _("%(user)s gave the consent.") % {"user": me.full_name or me.user_id}
    yield Finding(EXACT_SIDE, _("user"), True, text)
    yield from _clock(me, now)
    return me


def _clock(me: Me, now: datetime) -> Iterator[Finding]:
    """Compare the clocks. Exact gives its server's local time without the zone.

    Every zone differs from UTC by whole quarters of an hour, so the remainder is the clocks' difference.
    BigCommerce's clock shows larger differences.
    """
    if me.server_time is not None:
        off = now - me.server_time
        yield compare_clocks(EXACT_SIDE, off - round(off / QUARTER) * QUARTER)


def reach(code: int, client: ExactClient) -> Finding:
    """Ask whether the consent reaches a division that is open. Raises ClientError."""
    try:
        found = {info.code: info for info in client.divisions(named_elsewhere)}
    except (*NO_ACCESS, EndpointClosed) as refusal:
        return _refused(_("divisions"), False, refusal)
    info = found.get(code)
    if info is not None:
        return _state(info)
    advice = explain_right(EXACT, "NoDivisionAccess")
    text = _("The consent does not reach division %(division)s. %(reason)s")
    text %= {"division": code, "reason": advice.what_happened}
    return Finding(EXACT_SIDE, _("division"), False, text, str(advice.who), advice.where)


def _state(info: DivisionInfo) -> Finding:
    name = (_("Division %(code)s %(name)s") % {"code": info.code, "name": info.description}).strip()
    if info.blocking_status:
        advice = explain_right(EXACT, "DivisionBlocked")
        text = f"{name}: {advice.what_happened}"
        return Finding(EXACT_SIDE, _("division"), False, text, str(advice.who), advice.where)
    if info.status != ACTIVE:
        text = _("%(division)s is inactive or archived in Exact.") % {"division": name}
        todo = _(
            "An administrator of your Exact licence makes it active again, or the connection takes another division."
        )
        return Finding(EXACT_SIDE, _("division"), False, text, todo, "exact")
    return Finding(EXACT_SIDE, _("division"), True, _("%(division)s is active.") % {"division": name})


def right(what: str, needed: bool, read: Callable[[], object]) -> Finding:
    """Try a right by reading `what`. `needed`: posting needs it. Raises ClientError."""
    try:
        read()
    except (*NO_ACCESS, EndpointClosed) as refusal:
        return _refused(what, needed, refusal)
    return Finding(EXACT_SIDE, _right_name(what), True, _("The %(what)s may be read.") % {"what": what})


def _right_name(what: str) -> str:
    return _("right to read %(what)s") % {"what": what}


def _refused(what: str, needed: bool, refusal: ClientError) -> Finding:
    """Return the finding of a refused kind of record. Raises `refusal` when it is about user, licence or division."""
    if isinstance(refusal, EndpointClosed):
        todo = _("Fix the earlier refusals, wait an hour, then test again. Exact blocks the app after more refusals.")
        return Finding(EXACT_SIDE, _right_name(what), False if needed else None, f"{refusal}.", todo)
    reason = refusal.reason if isinstance(refusal, Forbidden) else ""
    if reason in REASONS:
        raise refusal
    advice = explain_right(EXACT, reason, refusal.detail)
    text = _("The %(what)s may not be read. %(reason)s") % {"what": what, "reason": advice.what_happened}
    if reason:
        text = " ".join((text, _("The scope is %(scope)s.") % {"scope": reason}))
    if not needed:
        text = " ".join((text, _("Nothing in force needs them.")))
        todo = _("Nothing to do as long as that is so. Else: %(advice)s") % {"advice": advice.who}
        return Finding(EXACT_SIDE, _right_name(what), None, text, todo, advice.where)
    return Finding(EXACT_SIDE, _right_name(what), False, text, str(advice.who), advice.where)


def _reader(client: ExactClient, kind: str, read: dict[str, Data], pulled: Mapping[str, Data]) -> Callable[[], None]:
    """Return a function that fills `read` with the records of a kind, by code.

    When there are more than MOST_READ records, the rest comes from the last pull.
    """

    def fill() -> None:
        found = islice(client.master_data(kind, named_elsewhere), MOST_READ + 1)
        now = {record.code: record.data for record in found}
        if len(now) > MOST_READ:
            read.update(pulled)
        read.update(now)

    return fill


def _codes(kind: str, used: list[Used], known: Mapping[str, Data], pulled: Collection[str]) -> Iterator[Finding]:
    label, name = LABELS[kind], _("%(codes)s in use") % {"codes": PLURALS[Kind(kind)]}
    right = True
    for use in used:
        if wrong := _wrong(kind, use.code, known, pulled):
            right = False
            text = _("The %(kind)s %(code)s, named by %(place)s, %(problem)s.")
            text %= {"kind": label, "code": use.code, "place": use.place, "problem": wrong}
            todo = _("An accountant chooses another code there, or corrects it in Exact and pulls the master data.")
            yield Finding(EXACT_SIDE, name, False, text, todo, use.page)
    if used and right:
        text = _("Exact has each %(kind)s in use: %(codes)s.")
        yield Finding(EXACT_SIDE, name, True, text % {"kind": label, "codes": ", ".join(use.code for use in used)})


def _wrong(kind: str, code: str, known: Mapping[str, Data], pulled: Collection[str]) -> str:
    if code not in known:
        return _("is not in the division")
    if unusable := _unusable(kind, known[code]):
        return unusable
    return "" if code in pulled else _("is in Exact, but not in the master data that was last pulled")


def _unusable(kind: str, data: Data) -> str:
    if data.get("blocked"):
        return _("is blocked")
    if data.get("ended") or not data.get("active", True):
        return _("has ended")
    if kind == "item" and not data.get("is_sales", True):
        return _("is not a sales item")
    if kind == "vat_code" and data.get("transaction_type") == "P":
        return _("is for purchases only")
    if kind == "journal" and data.get("type") != SALES_JOURNAL:
        return _("is not a sales journal")
    return ""
