"""The first page: what needs a person, and whether both sides work. No query grows with the ledger."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from connector.admin.home import figures, first_steps, tasks
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.ledger import daily_counts
from connector.flow.setup import progress
from connector.models import Alert, Delivery, Division, ExactGrant, Store
from connector.models.credentials import Health
from tenants.last_owner import active_owners
from tenants.models import Role, Tenant
from tenants.roles import OPERATORS
from tenants.scope import active_tenant, may

ALERTS_READ = 20
OF_GRANT = ("name", "state", "refresh_expires_at", "refreshed_at", "consented_at", "consented_by", "exact_user_name")


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the facts of the first page (a context processor). The queries run only for the page that shows them."""
    return {"home": SimpleLazyObject(lambda: facts(active_tenant(request), partial(may, request)))}


def facts(tenant: Tenant | None, allowed: Callable[[Collection[Role]], bool]) -> dict[str, Any]:
    """Return what the first page shows of an organisation; {} before one is chosen.

    `allowed` says whether the person has one of the given roles.
    """
    if tenant is None:
        return {}
    now = database_now()
    today = daily_counts.today(tenant, now)
    connections = figures.connected(tenant)
    ids = [connection.pk for connection in connections]
    found = figures.counts(ids)
    days = figures.by_day(ids, today)
    grants = list(ExactGrant.objects.filter(tenant=tenant).only(*OF_GRANT).order_by("name"))
    divisions = list(Division.objects.filter(grant__tenant=tenant).order_by("code"))
    stores = _stores(tenant)
    alerts = list(Alert.objects.filter(tenant=tenant, closed_at=None).order_by("-id")[:ALERTS_READ])
    found_tasks = tasks.tasks(connections, found, [*grants, *stores], alerts, now)
    owner = allowed({Role.OWNER})
    delivered = {store.pk for store in stores if store.last_delivery}
    so_far = progress.of_rows(stores, grants, divisions, list(progress.connections(tenant)), delivered)
    return {
        "tasks": [_for_person(task, allowed) for task in found_tasks],
        "steps": first_steps.steps(so_far),
        "owner": owner,
        "owners": [] if owner else owners(tenant),
        "tiles": figures.tiles(found),
        "oldest": figures.oldest(connections),
        "chart": figures.chart(days, today),
        "chart_options": figures.CHART_OPTIONS,
        "money": figures.money(days, today),
        "alerts": len(alerts),
        "alerts_url": f"{reverse('admin:connector_alert_changelist')}?closed_at__isempty=1",
        "grants": [{"grant": grant, "days_left": _days_left(grant, now)} for grant in grants],
        "webhooks": figures.webhooks(stores, now),
        "budgets": [_budget(division, now) for division in divisions],
    }


def _for_person(task: tasks.Task, allowed: Callable[[Collection[Role]], bool]) -> tasks.Task:
    """Return the task with what the person may do."""
    again = task.again if allowed(OPERATORS) else ""
    return replace(task, again=again) if allowed(task.roles) else replace(task, again=again, link=_("See it"))


def owners(tenant: Tenant) -> list[str]:
    """Return the e-mail addresses of the owners, who may connect and set up."""
    return list(active_owners([tenant.pk]).order_by("user__email").values_list("user__email", flat=True))


def _stores(tenant: Tenant) -> list[Any]:
    """Return the stores, each with the time of its newest delivery. An index makes this fast."""
    deliveries = (
        Delivery.objects.filter(store=OuterRef("pk"))
        .exclude(proof=Delivery.Proof.POLL)
        .order_by("-received_at")
        .values("received_at")
    )
    named = Store.objects.filter(tenant=tenant).only("name", "store_hash", "state", "hooks_checked_at")
    return list(named.annotate(last_delivery=Subquery(deliveries.values("received_at")[:1])).order_by("name"))


def _days_left(grant: ExactGrant, now: datetime) -> int | None:
    """Return the days that a working consent has left; None for one that does not work."""
    return keep_alive.days_left(grant, now) if grant.state == Health.ACTIVE else None


def _budget(division: Division, now: datetime) -> dict[str, Any]:
    used = keep_alive.calls_today(division, now)
    share = min(100 * used // division.day_calls_limit, 100) if used and division.day_calls_limit else 0
    return {"division": division, "used": used, "share": share}
