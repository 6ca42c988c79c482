"""The page "Orders from before": estimate, dry run, backfill and its progress, and what a person decides."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.actions import actor_of
from connector.admin.fields.days import DayField
from connector.admin.fit_result import cause, in_currency, money, notice
from connector.clients.errors import ClientError
from connector.domain.choices import Mode
from connector.domain.document.match import Sign
from connector.domain.document.result import from_json
from connector.domain.document.states import LONGEST_REASON, State
from connector.flow.actions import backfill as decisions
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.inbox.backfill import run as backfill
from connector.flow.inbox.backfill.days import Refused, days_of, require_on
from connector.flow.inbox.backfill.estimate import Estimate, estimate, progress
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, Connection
from connector.problems.backfill import in_words as sign_in_words
from connector.problems.calls import in_words
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REFRESH_SECONDS = 3
# The most rows of a list; the list of all orders has the others.
SHOWN = 25
Outcome = BackfillOrder.Outcome
IN_EXACT = (Outcome.LIKELY, Outcome.ADOPTED)


class DaysForm(forms.Form):
    """The first and the last day."""

    since = DayField(label=gettext_lazy("First day"))
    until = DayField(label=gettext_lazy("Last day, included"), required=False)


def backfill_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the newest backfill of a connection; estimate, try, begin, pause, resume or stop one, or decide on an order.

    Raises PermissionDenied when a person who does not keep the books sends the form.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    if request.method == "POST" and not may(request, ACCOUNTANTS):
        raise PermissionDenied
    form, wanted = DaysForm(request.POST if _has_days(request) else None), None
    if request.method == "POST":
        try:
            wanted = _act(request, connection, form)
        except (NotPossible, Refused, ClientError) as error:
            messages.error(request, in_words(error))
        if wanted is None and (form.is_valid() or not form.is_bound):
            return HttpResponseRedirect(request.path)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Orders from before: %(connection)s") % {"connection": connection},
        "connection": connection,
        "may": may(request, ACCOUNTANTS),
        "off": connection.mode == Mode.OFF,
        "form": form,
        "wanted": wanted,
        "longest_reason": LONGEST_REASON,
        **_of_run(connection, backfill.latest(connection)),
        **_of_try(connection),
    }
    return TemplateResponse(request, "admin/connector/backfill.html", context)


def _has_days(request: HttpRequest) -> bool:
    return request.method == "POST" and "since" in request.POST


def _act(request: HttpRequest, connection: Connection, form: DaysForm) -> Estimate | None:
    """Do what was pressed; return the estimate that was asked for. Raises NotPossible, Refused and ClientError."""
    if _has_days(request):
        return _with_days(request, connection, form) if form.is_valid() else None
    if "order" in request.POST:
        _decide(request, connection)
        return None
    run = backfill.latest(connection)
    tried = backfill.latest(connection, dry_run=True)
    if tried is not None and "stop_try" in request.POST:
        backfill.stop(tried)
    for name, act in (("pause", backfill.pause), ("resume", backfill.resume), ("stop", backfill.stop)):
        if run is not None and name in request.POST:
            act(run)
    return None


def _with_days(request: HttpRequest, connection: Connection, form: DaysForm) -> Estimate | None:
    require_on(connection)
    since, until = days_of(connection.store, form.cleaned_data["since"], form.cleaned_data["until"])
    found, dry_run = estimate(connection, since, until), "try" in request.POST
    if "start" not in request.POST and not dry_run:
        return found
    actor = actor_of(request)
    backfill.start(connection, actor, since=since, until=until, expected=found.orders, dry_run=dry_run)
    said = _("The dry run has begun.") if dry_run else _("The backfill has begun. Live orders go first.")
    messages.success(request, said)
    return None


def _decide(request: HttpRequest, connection: Connection) -> None:
    """Link an order, or post it. Raises NotPossible."""
    run = backfill.latest(connection)
    number = request.POST["order"]
    rows = _likely(run).filter(order_id=int(number)) if run and number.isascii() and number.isdigit() else ()
    row = next(iter(rows), None)
    if row is None:
        raise NotPossible(_("There is nothing to decide about this order."))
    reason = request.POST.get("reason", "").strip()
    if "link" in request.POST:
        decisions.it_is(row, request.POST["link"], actor_of(request), reason)
        messages.success(request, _("Order %(order)s is linked.") % {"order": row.order_id})
    else:
        decisions.it_is_not(row, actor_of(request), reason)
        messages.success(request, _("Order %(order)s is posted after live ones.") % {"order": row.order_id})


def _likely(run: BackfillRun) -> QuerySet[BackfillOrder]:
    """The orders of a run that a person has to decide on."""
    rows = run.rows.filter(outcome=Outcome.LIKELY, document__state=State.BLOCKED)
    return rows.select_related("document", "run").order_by("order_id")


def _of_run(connection: Connection, run: BackfillRun | None) -> dict[str, Any]:
    if run is None:
        return {"run": None, "begins": True}
    adopted = run.rows.filter(outcome=Outcome.ADOPTED, done=True).select_related("document").order_by("order_id")
    shown, likely = list(adopted[:SHOWN]), list(_likely(run)[:SHOWN])
    documents = _documents(run, [*shown, *likely])
    orders = reverse("admin:connector_backfillorder_changelist")
    going = run.state == BackfillRun.State.RUNNING
    found = progress(run)
    return {
        "run": run,
        "begins": run.state not in {BackfillRun.State.RUNNING, BackfillRun.State.PAUSED, BackfillRun.State.FAILED},
        "waits": going and run.due_at is not None and run.due_at > database_now(),
        "progress": found,
        "of_all": max(run.orders, run.expected),
        "refresh": REFRESH_SECONDS if going or found.left else None,
        "causes": [notice(connection, problem) for problem in from_json(run.problems)],
        "adopted": [_row(row, documents) for row in shown],
        "likely": [_row(row, documents) for row in likely],
        "all_orders": f"{orders}?run__connection__id__exact={connection.pk}",
    }


def _documents(run: BackfillRun, rows: Iterable[BackfillOrder]) -> Mapping[str, BackfillDocument]:
    ids = {key for row in rows for key, _sign in row.found}
    return {row.exact_id: row for row in run.documents_read.filter(exact_id__in=ids)}


def _row(row: BackfillOrder, documents: Mapping[str, BackfillDocument]) -> dict[str, Any]:
    """Return an order and the documents that it is or may be, side by side."""
    document = row.document
    return {
        "order_id": row.order_id,
        "day": row.day,
        "total": "" if row.total is None else in_currency(row.total, row.currency),
        "customer": document.customer if document else "",
        "page": reverse("admin:connector_ordersync_change", args=[document.pk]) if document else "",
        "in_exact": [
            {
                "id": key,
                "why": sign_in_words(Sign(sign)),
                "document": (found := documents.get(key)),
                "amount": in_currency(found.amount, found.currency) if found and found.amount is not None else "",
            }
            for key, sign in row.found
        ],
    }


def _of_try(connection: Connection) -> dict[str, Any]:
    """Return the newest dry run, what its orders would become, and which ones Exact may have."""
    run = backfill.latest(connection, dry_run=True)
    if run is None:
        return {"tried": None}
    found = {outcome: list(run.rows.filter(outcome=outcome).order_by("order_id")[:SHOWN]) for outcome in IN_EXACT}
    documents, result = _documents(run, [row for rows in found.values() for row in rows]), run.result or {}
    return {
        "tried": run,
        "tried_causes": [notice(connection, problem) for problem in from_json(run.problems)],
        "tried_likely": [_row(row, documents) for row in found[Outcome.LIKELY]],
        "tried_adopted": [_row(row, documents) for row in found[Outcome.ADOPTED]],
        "tried_total": money(result["totals"]) if result else "",
        "tried_held": [cause(connection, each) for each in result.get("causes", ())],
        **({"refresh": REFRESH_SECONDS} if run.state == BackfillRun.State.RUNNING else {}),
    }
