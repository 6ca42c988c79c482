"""What a person may do with a connection, a division or a store. The history keeps the person and the reason."""

from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.errors import ClientError
from connector.domain.choices import POSTING_MODES, Mode
from connector.flow import alerts
from connector.flow.actions.transaction import NotPossible, action_data, by_hand, require_reason
from connector.flow.clock import database_now
from connector.flow.inbox import webhooks
from connector.flow.ledger import transitions
from connector.flow.outbound import circuit_breaker
from connector.flow.setup import divisions
from connector.flow.setup.provision.schema import Refused
from connector.models import Breaker, Connection, Division, Store, SyncEvent
from connector.models.credentials import Health
from connector.models.kept_words import english, in_english
from connector.problems.calls import in_words
from tenants.models import Tenant, User

ACTION_NAMES = {
    "run_now": gettext_lazy("Run now"),
    "pause": gettext_lazy("Pause"),
    "resume": gettext_lazy("Resume"),
    "pull_master_data": gettext_lazy("Pull master data"),
    "repair_hooks": gettext_lazy("Repair hooks"),
    "rotate_hook_secret": gettext_lazy("Rotate hook secret"),
    "try_endpoint": gettext_lazy("Try endpoint"),
}


def _no_address() -> str:
    return _("PUBLIC_URL is not a public https address, so BigCommerce cannot deliver here. Set it first.")


def run_now(connection: Connection, actor: User | None, reason: str) -> None:
    """Release what has come so far, whatever the schedule says. Raises NotPossible."""
    if connection.mode == Mode.OFF:
        raise NotPossible(_("The connection is switched off. Resume it first."))
    if connection.store.state != Health.ACTIVE:
        text = _("BigCommerce refuses the API account of %(store)s. Enter a valid one first.")
        raise NotPossible(text % {"store": connection.store.name})
    if connection.division.grant.state != Health.ACTIVE:
        text = _("The consent %(name)s has ended. Connect to Exact again first.")
        raise NotPossible(text % {"name": connection.division.grant.name})
    with by_hand(connection.division_id, reason):
        connection.run_requested_at = database_now()
        connection.save(update_fields=["run_requested_at"])
        _record(connection.store.tenant, connection, action_data("run_now", reason), actor)


def pause(connection: Connection, actor: User | None, reason: str) -> None:
    """Switch off and remember the mode. Deliveries are kept, and the current order is finished. Raises NotPossible."""
    with by_hand(None, reason):
        running = Connection.objects.filter(pk=connection.pk).exclude(mode=Mode.OFF)
        if not running.update(paused_mode=F("mode"), mode=Mode.OFF):
            raise NotPossible(_("The connection is switched off already."))
        connection.refresh_from_db(fields=["mode", "paused_mode"])
        data = {**action_data("pause", reason), "mode": connection.paused_mode}
        _record(connection.store.tenant, connection, data, actor)


def resume(connection: Connection, actor: User | None, reason: str) -> None:
    """Go on in the mode from before the pause. Raises NotPossible."""
    connection.refresh_from_db(fields=["mode", "paused_mode"])
    mode = connection.paused_mode
    if connection.mode != Mode.OFF or not mode:
        raise NotPossible(_("The connection is not paused. Choose its mode in its settings."))
    if mode in POSTING_MODES:
        posting = Connection.objects.filter(store=connection.store_id, mode__in=POSTING_MODES)
        if other := posting.exclude(pk=connection.pk).select_related("store", "division").first():
            text = _("%(connection)s now posts the orders of this store. Pause that connection first.")
            raise NotPossible(text % {"connection": other})
    with by_hand(connection.division_id, reason):
        paused = Connection.objects.filter(pk=connection.pk, mode=Mode.OFF, paused_mode=mode)
        if not paused.update(mode=mode, paused_mode=""):
            raise NotPossible(_("The connection was changed just now. Look at it again."))
        connection.mode, connection.paused_mode = mode, ""
        _record(connection.store.tenant, connection, {**action_data("resume", reason), "mode": mode}, actor)


def pull_master_data(division: Division, actor: User | None, reason: str) -> int:
    """Read the division's master data again and release what waited for it; returns the number of documents.

    Raises NotPossible.
    """
    require_reason(reason)
    try:
        divisions.pull_master_data(division)
    except (ClientError, Refused) as error:
        raise NotPossible(_("The master data could not be read. %(error)s") % {"error": in_words(error)}) from None
    with by_hand(division.pk, reason):
        _record(division.grant.tenant, division, action_data("pull_master_data", reason), actor)
        return sum(
            transitions.release_blocked(connection, english("The master data was read again; trying again."))
            for connection in division.connections.select_related("store")
        )


def repair_hooks(store: Store, actor: User | None, reason: str) -> int:
    """Make or correct the store's webhooks; returns how many were made. Raises NotPossible."""
    if not webhooks.possible():
        raise NotPossible(_no_address())
    require_reason(reason)
    try:
        made = webhooks.repair(store)
    except ClientError as error:
        text = _("The hooks of %(store)s could not be made. %(error)s")
        raise NotPossible(text % {"store": store.name, "error": in_words(error)}) from None
    with by_hand(None, reason):
        _record(store.tenant, store, {**action_data("repair_hooks", reason), "made": str(len(made))}, actor)
    return len(made)


def rotate_hook_secret(store: Store, actor: User | None, reason: str) -> int:
    """Give the store's webhooks a new secret; returns how many of them had to be made.

    Deliveries with the old secret are accepted until none can come any more. Raises NotPossible.
    """
    if not webhooks.possible():
        raise NotPossible(_no_address())
    with by_hand(None, reason):
        webhooks.new_secret(store)
        _record(store.tenant, store, action_data("rotate_hook_secret", reason), actor)
    try:
        return len(webhooks.repair(store))
    except ClientError as error:
        text = _(
            "The new secret is made, but the hooks of %(store)s do not have it yet. That is tried again every hour. "
            "Both are good until then. %(error)s"
        )
        raise NotPossible(text % {"store": store.name, "error": in_words(error)}) from None


def try_endpoint(breaker: Breaker, actor: User | None, reason: str) -> None:
    """Let one call to a closed endpoint through now. If it succeeds, the others follow. Raises NotPossible."""
    with by_hand(breaker.division_id, reason):
        if why_not := circuit_breaker.try_now(breaker):
            raise NotPossible(why_not)
        _record(breaker.division.grant.tenant, breaker, action_data("try_endpoint", reason), actor)


def _record(tenant: Tenant, row: Model, data: dict[str, str], actor: User | None) -> None:
    """Write the action into the tenant's history. It belongs to no document."""
    action = in_english(ACTION_NAMES[data["action"]])
    text = english("%(action)s · %(row)s: %(reason)s") % {"action": action, "row": row, "reason": data["reason"]}
    SyncEvent.objects.create(
        tenant=tenant,
        kind=SyncEvent.Kind.ACTION,
        actor=actor,
        text=text,
        data={**text.said(), **data, "about": alerts.about(row)},
    )
