"""How far an organisation is with getting started: the state of each step, computed from its rows alone.

An organisation may have several stores, consents and divisions. The steps are those of one connection: the one that
posts, else the oldest; before there is one, those of the sides that it would be made of.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from connector.domain.choices import POSTING_MODES
from connector.domain.document.states import State
from connector.flow.setup import first_read
from connector.models import (
    Connection,
    Delivery,
    Division,
    ExactGrant,
    FitRun,
    MappingRule,
    OrderSync,
    RuleVersion,
    Store,
)
from connector.models.credentials import Health
from tenants.models import Tenant

# Columns that no page needs, and that only the keys in force can read.
_STORE_SECRETS = ("client_secret", "access_token", "hook_secret", "hook_secret_previous")
_GRANT_SECRETS = ("client_secret", "webhook_secret", "access_token", "refresh_token")


class StepState(StrEnum):
    """The state of a step. Trouble needs a person, running needs a worker or the first order."""

    TODO = "todo"
    RUNNING = "running"
    DONE = "done"
    TROUBLE = "trouble"


# In the order in which they are due.
STEPS = ("store", "exact", "division", "mapping", "fit", "look", "first", "live")


@dataclass(frozen=True, slots=True)
class Progress:
    """The rows that the steps are about, and the state of each step by name. No row has its credentials loaded."""

    store: Store | None
    grant: ExactGrant | None
    division: Division | None
    connection: Connection | None
    delivered: bool  # BigCommerce has reported an order of the store
    states: Mapping[str, StepState]

    @property
    def due(self) -> str:
        """The first step that is not done; "" when all are."""
        return next((step for step in STEPS if self.states[step] != StepState.DONE), "")

    def is_due(self, step: str) -> bool:
        """Return whether each step before this one is done."""
        return not self.due or STEPS.index(step) <= STEPS.index(self.due)


def read(tenant: Tenant) -> Progress:
    """Return how far an organisation is. It takes four statements, whatever there is."""
    real = Delivery.objects.filter(store=OuterRef("pk")).exclude(proof=Delivery.Proof.POLL)
    stores = list(Store.objects.filter(tenant=tenant).defer(*_STORE_SECRETS).annotate(delivered=Exists(real)))
    return of_rows(
        stores,
        list(ExactGrant.objects.filter(tenant=tenant).defer(*_GRANT_SECRETS)),
        list(Division.objects.filter(grant__tenant=tenant)),
        list(connections(tenant)),
        {store.pk for store in stores if store.delivered},
    )


def connections(tenant: Tenant) -> QuerySet[Any]:
    """Return the connections, each with what the steps after the mapping need.

    `ruled`: a rule is in force. `tried`: the state of the last try of orders, and `looked` when a person had looked at
    what it chose. `chosen`: the state of the document to decide on. `posted`: an invoice is in Exact, and decided on.
    """
    newest = RuleVersion.objects.filter(connection=OuterRef("pk")).order_by("-number").values("pk")[:1]
    mine = OrderSync.objects.filter(connection=OuterRef("pk"))
    tried = FitRun.objects.filter(connection=OuterRef("pk"), rules__isnull=True).order_by("-id")
    found = Connection.objects.filter(store__tenant=tenant).annotate(
        version=Subquery(newest),
        posted=Exists(mine.filter(state=State.POSTED, chosen_at=None)),
        chosen=Subquery(mine.filter(chosen_at__isnull=False).order_by("-id").values("state")[:1]),
        tried=Subquery(tried.values("state")[:1]),
        looked=Subquery(tried.values("looked_at")[:1]),
    )
    return found.annotate(ruled=Exists(MappingRule.objects.filter(version=OuterRef("version"))))


def of_rows(
    stores: Sequence[Store],
    grants: Sequence[ExactGrant],
    divisions: Sequence[Division],
    connections: Sequence[Any],
    delivered: Collection[int],
) -> Progress:
    """Return how far an organisation with these rows is; `delivered`: the stores that have reported an order."""
    connection = min(connections, key=lambda one: (not _posts(one), one.pk), default=None)
    if connection:
        store, division = _named(stores, connection.store_id), _named(divisions, connection.division_id)
    else:
        store, division = min(stores, key=_age, default=None), max(divisions, key=_choice, default=None)
    grant = _named(grants, division.grant_id) if division else min(grants, key=_worst_last, default=None)
    has_orders = store is not None and store.pk in delivered
    return Progress(
        store, grant, division, connection, has_orders, _states(store, grant, division, connection, has_orders)
    )


def _named(rows: Iterable[Any], pk: int) -> Any:
    return next(row for row in rows if row.pk == pk)


def _age(store: Store) -> int:
    return store.pk


def _choice(division: Division) -> tuple[datetime, int]:
    """Return what orders divisions: the one that a person chose last counts, else the newest."""
    return division.chosen_at or datetime.min.replace(tzinfo=UTC), division.pk


def _worst_last(grant: ExactGrant) -> tuple[bool, int]:
    return not _works(grant), grant.pk


def _works(grant: ExactGrant) -> bool:
    return grant.state == Health.ACTIVE and grant.refresh_expires_at is not None


def _posts(connection: Connection) -> bool:
    """Return whether the connection posts, or posted before it was paused."""
    return any(mode in POSTING_MODES for mode in (connection.mode, connection.paused_mode))


def _states(
    store: Store | None, grant: ExactGrant | None, division: Division | None, connection: Any, delivered: bool
) -> dict[str, StepState]:
    posts = connection is not None and _posts(connection)
    posted = bool(posts or (connection and connection.posted))
    return {
        "store": _of_store(store),
        "exact": _of_grant(grant),
        "division": _of_division(division),
        "mapping": _done(connection and connection.ruled),
        "fit": _of_try(posted, connection),
        "look": _done(posted or (connection and connection.looked)),
        "first": _of_first(posted, connection),
        "live": StepState.RUNNING if posts and not delivered else _done(posts),
    }


def _done(answer: object) -> StepState:
    return StepState.DONE if answer else StepState.TODO


def _of_try(posted: bool, connection: Any) -> StepState:
    if posted or connection is None:
        return _done(posted)
    known = {FitRun.State.RUNNING: StepState.RUNNING, FitRun.State.TROUBLE: StepState.TROUBLE}
    return known.get(connection.tried) or _done(connection.tried == FitRun.State.DONE)


def _of_first(posted: bool, connection: Any) -> StepState:
    """Return the state of the first document. One that is in Exact, and not decided on, waits for a person."""
    if posted or connection is None or connection.chosen in {None, State.POSTED}:
        return _done(posted)
    return StepState.TROUBLE if connection.chosen == State.BLOCKED else StepState.RUNNING


def _of_store(store: Store | None) -> StepState:
    if store is not None and store.state == Health.RECONNECT:
        return StepState.TROUBLE
    return _done(store)


def _of_division(division: Division | None) -> StepState:
    if division is None or first_read.is_enough(division):
        return _done(division)
    if division.pull_alive_at:
        return StepState.RUNNING
    return StepState.TROUBLE if division.pull.get("problem") else StepState.TODO


def _of_grant(grant: ExactGrant | None) -> StepState:
    if grant is None or _works(grant):
        return _done(grant)
    return StepState.TROUBLE if grant.consented_at else StepState.TODO
