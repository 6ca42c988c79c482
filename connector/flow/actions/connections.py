"""What a person may do with a connection, a division or a store. Who did it and why stands in the history."""

from django.db.models import F, Model

from connector.clients.errors import ClientError
from connector.domain.choices import POSTING_MODES, Mode
from connector.flow import alerts
from connector.flow.actions.transaction import NotPossible, by_hand, require_reason, told
from connector.flow.clock import database_now
from connector.flow.inbox import webhooks
from connector.flow.ledger import transitions
from connector.flow.outbound import circuit_breaker
from connector.flow.setup import divisions
from connector.flow.setup.provision.schema import Refused
from connector.models import Breaker, Connection, Division, Store, SyncEvent
from connector.models.credentials import Health
from tenants.models import Tenant, User


def run_now(connection: Connection, actor: User | None, reason: str) -> None:
    """Release what has come so far, whatever the schedule says."""
    if connection.mode == Mode.OFF:
        raise NotPossible("The connection is switched off. Resume it first.")
    if connection.store.state != Health.ACTIVE:
        raise NotPossible(f"BigCommerce refuses the API account of {connection.store.name}. Enter a valid one first.")
    if connection.division.grant.state != Health.ACTIVE:
        raise NotPossible(f"The consent {connection.division.grant.name} is dead. Connect to Exact again first.")
    with by_hand(connection.division_id, reason):
        connection.run_requested_at = database_now()
        connection.save(update_fields=["run_requested_at"])
        _record(connection.store.tenant, connection, told("run_now", reason), actor)


def pause(connection: Connection, actor: User | None, reason: str) -> None:
    """Switch off and remember the mode. Deliveries are kept; an order in hand is finished."""
    with by_hand(None, reason):
        running = Connection.objects.filter(pk=connection.pk).exclude(mode=Mode.OFF)
        if not running.update(paused_mode=F("mode"), mode=Mode.OFF):
            raise NotPossible("The connection is switched off already.")
        connection.refresh_from_db(fields=["mode", "paused_mode"])
        data = {**told("pause", reason), "mode": connection.paused_mode}
        _record(connection.store.tenant, connection, data, actor)


def resume(connection: Connection, actor: User | None, reason: str) -> None:
    """Go on in the mode that was in force when it was paused."""
    connection.refresh_from_db(fields=["mode", "paused_mode"])
    mode = connection.paused_mode
    if connection.mode != Mode.OFF or not mode:
        raise NotPossible("The connection is not paused. Its mode is chosen in its settings.")
    if mode in POSTING_MODES:
        posting = Connection.objects.filter(store=connection.store_id, mode__in=POSTING_MODES)
        if other := posting.exclude(pk=connection.pk).select_related("store", "division").first():
            raise NotPossible(f"{other} posts the orders of this store meanwhile. Pause that one first.")
    with by_hand(connection.division_id, reason):
        paused = Connection.objects.filter(pk=connection.pk, mode=Mode.OFF, paused_mode=mode)
        if not paused.update(mode=mode, paused_mode=""):
            raise NotPossible("The connection was changed just now. Look at it again.")
        connection.mode, connection.paused_mode = mode, ""
        _record(connection.store.tenant, connection, {**told("resume", reason), "mode": mode}, actor)


def pull_master_data(division: Division, actor: User | None, reason: str) -> int:
    """Read the division's master data anew and release what waited for it; returns how many documents that were."""
    require_reason(reason)
    try:
        divisions.pull_master_data(division)
    except (ClientError, Refused) as error:
        raise NotPossible(f"The master data could not be read. {error}") from None
    with by_hand(division.pk, reason):
        _record(division.grant.tenant, division, told("pull_master_data", reason), actor)
        return sum(
            transitions.release_blocked(connection, "The master data was read anew; trying again.")
            for connection in division.connections.select_related("store")
        )


def repair_hooks(store: Store, actor: User | None, reason: str) -> int:
    """Make or mend the store's webhooks; returns how many had to be made."""
    if not webhooks.possible():
        raise NotPossible("PUBLIC_URL is not a public https address, so BigCommerce cannot ring here. Set it first.")
    require_reason(reason)
    try:
        made = webhooks.repair(store)
    except ClientError as error:
        raise NotPossible(f"The hooks of {store.name} could not be made. {error}") from None
    with by_hand(None, reason):
        _record(store.tenant, store, {**told("repair_hooks", reason), "made": str(len(made))}, actor)
    return len(made)


def rotate_hook_secret(store: Store, actor: User | None, reason: str) -> int:
    """Give the store's webhooks a new secret; returns how many of them had to be made.

    Deliveries with the secret before are good until none can come any more.
    """
    if not webhooks.possible():
        raise NotPossible("PUBLIC_URL is not a public https address, so BigCommerce cannot ring here. Set it first.")
    with by_hand(None, reason):
        webhooks.new_secret(store)
        _record(store.tenant, store, told("rotate_hook_secret", reason), actor)
    try:
        return len(webhooks.repair(store))
    except ClientError as error:
        raise NotPossible(
            f"The new secret is made, but the hooks of {store.name} do not carry it yet; that is tried again every "
            f"hour, and meanwhile both are good. {error}"
        ) from None


def try_endpoint(breaker: Breaker, actor: User | None, reason: str) -> None:
    """Let one call to a closed endpoint through now; when it goes well, the others follow."""
    with by_hand(breaker.division_id, reason):
        if why_not := circuit_breaker.try_now(breaker):
            raise NotPossible(why_not)
        _record(breaker.division.grant.tenant, breaker, told("try_endpoint", reason), actor)


def _record(tenant: Tenant, row: Model, data: dict[str, str], actor: User | None) -> None:
    """Write the action into the tenant's history; it is about no document."""
    name = data["action"].replace("_", " ").capitalize()
    SyncEvent.objects.create(
        tenant=tenant,
        kind=SyncEvent.Kind.ACTION,
        actor=actor,
        text=f"{name} · {row}: {data['reason']}",
        data={**data, "about": alerts.about(row)},
    )
