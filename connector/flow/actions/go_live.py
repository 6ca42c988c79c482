"""A connection begins its work: its mode, its first day, its schedule, who is mailed, and the store's webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.choices import POSTING_MODES, Mode
from connector.flow import alerts
from connector.flow.actions.transaction import NotPossible, action_data
from connector.flow.inbox import webhooks
from connector.flow.lane import wakeup
from connector.flow.setup import take_effect
from connector.models import Connection, SyncEvent
from connector.models.kept_words import Said, english
from connector.problems.calls import in_words
from tenants.models import Tenant, User


@dataclass(frozen=True, slots=True)
class Plan:
    """How a connection begins. `schedule` is the text that is stored; mails of alerts go to `alert_emails`."""

    mode: Mode
    start_date: date
    schedule: str
    alert_emails: Sequence[str]


def go_live(connection: Connection, plan: Plan, actor: User | None) -> None:
    """Make or repair the webhooks, then let the connection begin. Pressed twice, it changes nothing.

    Raises NotPossible when another connection of the store posts, or the webhooks cannot be made.
    """
    _raise_if_another_posts(connection, plan.mode)
    if webhooks.possible():
        try:
            webhooks.repair(connection.store)
        except ClientError as error:
            text = _("The webhooks could not be made, and nothing was changed. %(error)s")
            raise NotPossible(text % {"error": in_words(error)}) from None
    try:
        _begin(connection, plan, actor)
    except IntegrityError:
        raise NotPossible(_("Another connection now posts the orders of this store. Look at it again.")) from None


@transaction.atomic
def _begin(connection: Connection, plan: Plan, actor: User | None) -> None:
    before = Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    values = {"mode": plan.mode, "start_date": plan.start_date, "schedule": plan.schedule, "paused_mode": ""}
    Connection.objects.filter(pk=connection.pk).update(**values)
    Tenant.objects.filter(pk=connection.store.tenant_id).update(alert_emails=list(plan.alert_emails))
    changed = any(getattr(before, name) != value for name, value in values.items())
    connection.refresh_from_db(fields=list(values))
    if changed:
        take_effect.take_effect(connection, mode_before=before.mode, changed=True)
        text = english("%(connection)s begins: %(mode)s, from %(day)s.") % {
            "connection": connection,
            "mode": Said(Mode(connection.mode).words),
            "day": plan.start_date,
        }
        data = {**text.said(), **action_data("go_live", text), "about": alerts.about(connection)}
        tenant, kind = connection.store.tenant, SyncEvent.Kind.ACTION
        SyncEvent.objects.create(tenant=tenant, kind=kind, actor=actor, text=text, data=data)
    wakeup.wake([connection.division_id])


def _raise_if_another_posts(connection: Connection, mode: Mode) -> None:
    """Raise NotPossible when the connection would be the second of its store that posts."""
    others = Connection.objects.filter(store=connection.store_id, mode__in=POSTING_MODES).exclude(pk=connection.pk)
    if mode in POSTING_MODES and (other := others.select_related("store", "division").first()):
        text = _("%(connection)s now posts the orders of this store. Pause that connection first.")
        raise NotPossible(text % {"connection": other})
