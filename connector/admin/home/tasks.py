"""What needs a person now: the most urgent task first, each with its cause and the page to act on."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.admin.documents.explanation import PAGE_NAMES, explanation_of, in_words, page_of
from connector.admin.home.figures import CAP, Counts, capped, ledger_url
from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.consent import keep_alive
from connector.flow.ledger import held_causes, to_settle
from connector.flow.outbound import access_tokens
from connector.models import Alert, Connection, ExactGrant, OrderSync, Store
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, kept_in_words
from tenants.models import Role
from tenants.roles import ACCOUNTANTS

CAUSES_SHOWN = 10
# The fields of a document that name its cause.
NEEDED = ("state", "order_id", "connection_id", *held_causes.NEEDED)
OWNERS = frozenset({Role.OWNER})
STUCK = [State.PENDING, State.WAITING, State.UNCERTAIN]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do on `page`. `documents` lists what waits for it."""

    title: str
    text: str
    page: str
    link: str
    number: str = ""
    documents: str = ""
    alert: str = ""  # the cause of the alert that says the same
    roles: frozenset[Role] = frozenset(Role)  # the roles that can do it there


def tasks(
    connections: list[Connection],
    found: Counts,
    sides: Iterable[ExactGrant | Store],
    open_alerts: list[Alert],
    now: datetime,
) -> list[Task]:
    """Return everything that needs a person, the most urgent first."""
    sides = list(sides)
    known = [
        *(_disconnected(side, connections, found) for side in sides if side.state == Health.RECONNECT),
        *_paused(connections, found),
        *_held(connections, found),
        *_to_approve(found),
        *_changed(connections),
        *_to_settle(connections),
        *(task for side in sides if isinstance(side, ExactGrant) for task in _ending(side, now)),
    ]
    shown = {task.alert for task in known}
    others = [_alert(alert) for alert in open_alerts if alert.cause not in shown and alert.code != AlertCode.HELD]
    return [*known, *others]


def stopped(connections: Iterable[Connection], found: Counts) -> int:
    """Count the documents that go on when these connections do."""
    return sum(found[state][connection.pk] for connection in connections for state in STUCK)


def _disconnected(side: ExactGrant | Store, connections: list[Connection], found: Counts) -> Task:
    if isinstance(side, ExactGrant):
        behind = [each for each in connections if each.division.grant_id == side.pk]
        page = reverse("admin:connector_exactgrant_change", args=[side.pk])
        new = side.consented_at is None
        title = _("%(name)s is not connected to Exact yet") if new else _("Exact no longer takes the consent %(name)s")
        text = _("An owner presses Connect to Exact and logs in there.")
        if not new:
            text = " ".join((text, _("Orders wait. Nothing is lost.")))
    else:
        behind = [each for each in connections if each.store_id == side.pk]
        page = reverse("admin:connector_store_change", args=[side.pk])
        title = _("BigCommerce refuses the API account of %(name)s")
        text = _("An owner enters a valid access token. Orders wait. Nothing is lost.")
    number = stopped(behind, found)
    waiting = capped(number) if number else ""
    title %= {"name": side.name}
    return Task(title, text, page, _("Connect it"), waiting, alert=alerts.about(side), roles=OWNERS)


def _paused(connections: list[Connection], found: Counts) -> Iterator[Task]:
    for connection in connections:
        number = stopped([connection], found)
        if connection.mode != Mode.OFF or not (number or connection.paused_mode):
            continue
        paused = bool(connection.paused_mode)
        title = _("%(connection)s is paused") if paused else _("%(connection)s is switched off")
        yield Task(
            title % {"connection": connection},
            _("Orders are kept and go on when an owner or an accountant resumes it.")
            if paused
            else _("Orders are kept and go on when an owner chooses another mode."),
            reverse("admin:connector_connection_change", args=[connection.pk]),
            _("Resume it") if paused else _("Choose a mode"),
            capped(number) if number else "",
            ledger_url(state=State.PENDING, connection__id=connection.pk) if number else "",
            roles=ACCOUNTANTS if paused else OWNERS,
        )


def _held(connections: list[Connection], found: Counts) -> Iterator[Task]:
    """Yield the held documents by cause, the most frequent cause first."""
    by_id = {connection.pk: connection for connection in connections}
    if not found[State.BLOCKED]:
        return
    more = "+" if found[State.BLOCKED].total() > CAP else ""  # a cause may have more documents than were read
    held = OrderSync.objects.filter(connection__in=by_id, state=State.BLOCKED).order_by().only(*NEEDED)[:CAP]
    samples: dict[str, OrderSync] = {}
    numbers: Counter[str] = Counter()
    for document in held:
        key = f"{document.connection_id}|{held_causes.key_of(document)}"
        samples.setdefault(key, document)
        numbers[key] += 1
    pages: dict[tuple[str, int], str] = {}
    for key, number in islice(numbers.most_common(), CAUSES_SHOWN):
        task = _cause(samples[key], number, by_id[samples[key].connection_id], pages)
        store = f"{by_id[samples[key].connection_id].store.name}: " if len(by_id) > 1 else ""
        yield replace(task, text=f"{store}{task.text}", number=f"{task.number}{more}")
    if len(numbers) > CAUSES_SHOWN:
        url = ledger_url(state=State.BLOCKED)
        title = _("%(number)s more causes") % {"number": len(numbers) - CAUSES_SHOWN}
        yield Task(title, _("The ledger has them all."), url, _("Go to the ledger"))


def _cause(document: OrderSync, number: int, connection: Connection, pages: dict[tuple[str, int], str]) -> Task:
    explanation = explanation_of(document)
    documents = ledger_url(state=State.BLOCKED, reason=document.reason, connection__id=connection.pk)
    if number == 1:
        documents = reverse("admin:connector_ordersync_change", args=[document.pk])
    if explanation.where == "ledger":
        page = documents
    elif explanation.where == "bigcommerce" and number == 1:
        page = page_of(explanation, connection, document)
    else:
        key = f"{explanation.where}.{explanation.field}", connection.pk
        page = pages[key] = pages.get(key) or page_of(explanation, connection)
    text = f"{in_words(document).partition(chr(10))[0][:200]} {explanation.who}"
    link = _("Go to %(page)s") % {"page": PAGE_NAMES[explanation.where]}
    return Task(str(explanation.what_happened), text, page, link, str(number), documents)


def _to_approve(found: Counts) -> Iterator[Task]:
    number = found[State.AWAITING_APPROVAL].total()
    if number:
        url = ledger_url(state=State.AWAITING_APPROVAL)
        text = _("An owner or an accountant looks at each draft and approves or skips it.")
        yield Task(_("Drafts wait for approval"), text, url, _("Go to the drafts"), capped(number), url)


def _changed(connections: Iterable[Connection]) -> Iterator[Task]:
    rows = OrderSync.objects.filter(connection__in=[connection.pk for connection in connections], change_pending=True)
    number = rows.order_by()[: CAP + 1].count()
    if number:
        url = ledger_url(change_pending=1)
        text = _("An accountant decides on each: credit it, credit and re-post it, or leave it.")
        yield Task(_("Orders changed after they were posted"), text, url, _("Go to them"), capped(number), url)


def _to_settle(connections: Iterable[Connection]) -> Iterator[Task]:
    rows = OrderSync.objects.filter(connection__in=[connection.pk for connection in connections])
    number = to_settle.waiting(rows).order_by()[: CAP + 1].count()
    if number:
        url = f"{reverse('admin:connector_ordersync_changelist')}?to_settle=1"
        text = _("An accountant books what store credit and gift certificates paid or gave back, then presses Settle.")
        yield Task(_("To settle by hand in Exact"), text, url, _("Go to them"), capped(number), url)


def _ending(grant: ExactGrant, now: datetime) -> Iterator[Task]:
    days = keep_alive.days_left(grant, now)
    if grant.state != Health.ACTIVE or days is None or days > max(access_tokens.WARN_AT_DAYS):
        return
    near = [limit for limit in access_tokens.WARN_AT_DAYS if days <= limit]
    title = ngettext(
        "The consent %(name)s ends in %(days)s day", "The consent %(name)s ends in %(days)s days", days
    ) % {"name": grant.name, "days": days}
    yield Task(
        title,
        _("The connector could not prolong it. An owner connects to Exact again before that day."),
        reverse("admin:connector_exactgrant_change", args=[grant.pk]),
        _("Connect it"),
        alert=access_tokens.expiry_cause(grant, min(near)),
        roles=OWNERS,
    )


def _alert(alert: Alert) -> Task:
    page = alert.page or reverse("admin:connector_alert_change", args=[alert.pk])
    return Task(kept_in_words(alert), "", page, _("Solve it") if alert.page else _("See it"), alert=alert.cause)
