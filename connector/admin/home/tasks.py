"""What needs a person now: the most urgent first, each with its cause in words and the page that mends it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.urls import reverse

from connector.admin.documents.explanation import PAGE_NAMES, explanation_of, in_words, page_of
from connector.admin.home.figures import CAP, Counts, capped, ledger_url
from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.flow import alerts
from connector.flow.actions import bulk_repost
from connector.flow.consent import keep_alive
from connector.flow.outbound import access_tokens
from connector.models import Alert, Connection, ExactGrant, OrderSync, Store
from connector.models.credentials import Health
from tenants.models import Role
from tenants.roles import ACCOUNTANTS

CAUSES_SHOWN = 10
# Of a document, what its cause is told from.
NEEDED = ("state", "order_id", "connection_id", *bulk_repost.NEEDED)
OWNERS = frozenset({Role.OWNER})
STUCK = [State.PENDING, State.WAITING, State.UNCERTAIN]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `page` mends it, `documents` lists what waits for it."""

    title: str
    text: str
    page: str
    link: str
    number: str = ""
    documents: str = ""
    alert: str = ""  # the cause of the alert that says the same
    roles: frozenset[Role] = frozenset(Role)  # of those who can do it there


def tasks(
    connections: list[Connection],
    found: Counts,
    sides: Iterable[ExactGrant | Store],
    open_alerts: list[Alert],
    now: datetime,
) -> list[Task]:
    """Return everything that needs a person, in the order of its weight: what stops everything comes first."""
    sides = list(sides)
    known = [
        *(_disconnected(side, connections, found) for side in sides if side.state == Health.RECONNECT),
        *_paused(connections, found),
        *_held(connections, found),
        *_to_approve(found),
        *_changed(connections),
        *(task for side in sides if isinstance(side, ExactGrant) for task in _ending(side, now)),
    ]
    told = {task.alert for task in known}
    others = [_alert(alert) for alert in open_alerts if alert.cause not in told]
    return [*known, *others]


def stopped(connections: Iterable[Connection], found: Counts) -> int:
    """Count the documents that go on when these connections do."""
    return sum(found[state][connection.pk] for connection in connections for state in STUCK)


def _disconnected(side: ExactGrant | Store, connections: list[Connection], found: Counts) -> Task:
    if isinstance(side, ExactGrant):
        behind = [each for each in connections if each.division.grant_id == side.pk]
        page = reverse("admin:connector_exactgrant_change", args=[side.pk])
        new = side.consented_at is None
        title = (
            f"{side.name} is not connected to Exact yet" if new else f"Exact no longer takes the consent {side.name}"
        )
        text = "An owner presses Connect to Exact and logs in there." + (
            "" if new else " Orders wait; nothing is lost."
        )
    else:
        behind = [each for each in connections if each.store_id == side.pk]
        page = reverse("admin:connector_store_change", args=[side.pk])
        title = f"BigCommerce refuses the API account of {side.name}"
        text = "An owner enters a valid access token. Orders wait; nothing is lost."
    number = stopped(behind, found)
    waiting = capped(number) if number else ""
    return Task(title, text, page, "Connect it", waiting, alert=alerts.about(side), roles=OWNERS)


def _paused(connections: list[Connection], found: Counts) -> Iterator[Task]:
    for connection in connections:
        number = stopped([connection], found)
        if connection.mode != Mode.OFF or not (number or connection.paused_mode):
            continue
        paused = bool(connection.paused_mode)
        yield Task(
            f"{connection} is {'paused' if paused else 'switched off'}",
            "Orders are kept and go on when "
            + ("an owner or an accountant resumes it." if paused else "an owner chooses another mode."),
            reverse("admin:connector_connection_change", args=[connection.pk]),
            "Resume it" if paused else "Choose a mode",
            capped(number) if number else "",
            ledger_url(state=State.PENDING, connection__id=connection.pk) if number else "",
            roles=ACCOUNTANTS if paused else OWNERS,
        )


def _held(connections: list[Connection], found: Counts) -> Iterator[Task]:
    """The held documents by cause, the most frequent first."""
    by_id = {connection.pk: connection for connection in connections}
    if not found[State.BLOCKED]:
        return
    more = "+" if found[State.BLOCKED].total() > CAP else ""  # of a cause there may be others beyond those read
    held = OrderSync.objects.filter(connection__in=by_id, state=State.BLOCKED).order_by().only(*NEEDED)[:CAP]
    samples: dict[str, OrderSync] = {}
    numbers: Counter[str] = Counter()
    for document in held:
        key = f"{document.connection_id}|{bulk_repost.key_of(document)}"
        samples.setdefault(key, document)
        numbers[key] += 1
    pages: dict[tuple[str, int], str] = {}
    for key, number in islice(numbers.most_common(), CAUSES_SHOWN):
        task = _cause(samples[key], number, by_id[samples[key].connection_id], pages)
        store = f"{by_id[samples[key].connection_id].store.name}: " if len(by_id) > 1 else ""
        yield replace(task, text=f"{store}{task.text}", number=f"{task.number}{more}")
    if len(numbers) > CAUSES_SHOWN:
        url = ledger_url(state=State.BLOCKED)
        yield Task(f"{len(numbers) - CAUSES_SHOWN} more causes", "The ledger has them all.", url, "Go to the ledger")


def _cause(document: OrderSync, number: int, connection: Connection, pages: dict[tuple[str, int], str]) -> Task:
    told = explanation_of(document)
    documents = ledger_url(state=State.BLOCKED, reason=document.reason, connection__id=connection.pk)
    if number == 1:
        documents = reverse("admin:connector_ordersync_change", args=[document.pk])
    if told.where == "ledger":
        page = documents
    elif told.where == "bigcommerce" and number == 1:
        page = page_of(told, connection, document)
    else:
        key = f"{told.where}.{told.field}", connection.pk
        page = pages[key] = pages.get(key) or page_of(told, connection)
    text = f"{in_words(document).partition(chr(10))[0][:200]} {told.who}"
    return Task(str(told.what_happened), text, page, f"Go to {PAGE_NAMES[told.where]}", str(number), documents)


def _to_approve(found: Counts) -> Iterator[Task]:
    number = found[State.AWAITING_APPROVAL].total()
    if number:
        url = ledger_url(state=State.AWAITING_APPROVAL)
        text = "An owner or an accountant looks at each draft and approves or skips it."
        yield Task("Drafts wait for approval", text, url, "Go to the drafts", capped(number), url)


def _changed(connections: Iterable[Connection]) -> Iterator[Task]:
    rows = OrderSync.objects.filter(connection__in=[connection.pk for connection in connections], change_pending=True)
    number = rows.order_by()[: CAP + 1].count()
    if number:
        url = ledger_url(change_pending=1)
        text = "An accountant decides on each: credit it, credit and re-post it, or leave it."
        yield Task("Orders changed after they were posted", text, url, "Go to them", capped(number), url)


def _ending(grant: ExactGrant, now: datetime) -> Iterator[Task]:
    days = keep_alive.days_left(grant, now)
    if grant.state != Health.ACTIVE or days is None or days > max(access_tokens.WARN_AT_DAYS):
        return
    near = [limit for limit in access_tokens.WARN_AT_DAYS if days <= limit]
    yield Task(
        f"The consent {grant.name} ends in {days} day{'' if days == 1 else 's'}",
        "It could not be prolonged by itself. An owner connects to Exact again before that day.",
        reverse("admin:connector_exactgrant_change", args=[grant.pk]),
        "Connect it",
        alert=access_tokens.expiry_cause(grant, min(near)),
        roles=OWNERS,
    )


def _alert(alert: Alert) -> Task:
    page = alert.page or reverse("admin:connector_alert_change", args=[alert.pk])
    return Task(alert.text, "", page, "Mend it" if alert.page else "See it", alert=alert.cause)
