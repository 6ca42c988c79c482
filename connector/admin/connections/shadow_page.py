"""The page "Compare with what was typed by hand": may posting be switched on, and what differs."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.actions import actor_of
from connector.admin.documents.explanation import PAGE_NAMES, page_of
from connector.admin.documents.rule_links import link_to_version
from connector.admin.fit_result import in_currency, notice
from connector.domain.choices import Mode
from connector.domain.document.result import from_json
from connector.domain.document.shadow import DECISIVE, Field, Summary
from connector.flow.setup.shadow import run as shadow_run
from connector.models import Connection, ShadowRun
from connector.problems.shadow import NAMES, PUT_RIGHT, answer
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REFRESH_SECONDS = 3
SHOWN = 50
"""The most rows of a list."""
State = ShadowRun.State


def shadow_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what the newest comparison found; begin, stop or go on with one.

    Raises PermissionDenied when a person who does not keep the books sends the form.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    if request.method == "POST":
        if not may(request, ACCOUNTANTS):
            raise PermissionDenied
        try:
            _act(request, connection)
        except shadow_run.Refused as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    run = shadow_run.latest(connection)
    done = run if run and run.state == State.DONE else shadow_run.latest(connection, State.DONE)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Compare with what was typed by hand: %(connection)s") % {"connection": connection},
        "connection": connection,
        "may": may(request, ACCOUNTANTS),
        "in_shadow": connection.mode == Mode.SHADOW,
        "run": run,
        "refresh": REFRESH_SECONDS if run and run.state == State.RUNNING else None,
        "causes": [notice(connection, problem) for problem in from_json(run.problems)] if run else [],
        "done": done,
        **(_found(connection, done) if done else {}),
    }
    return TemplateResponse(request, "admin/connector/shadow.html", context)


def _act(request: HttpRequest, connection: Connection) -> None:
    """Do what was pressed. Raises Refused."""
    run = shadow_run.latest(connection)
    if "stop" in request.POST and run is not None:
        shadow_run.stop(run)
    elif "on" in request.POST and run is not None:
        shadow_run.resume(run)
    elif "start" in request.POST:
        shadow_run.start(connection, actor_of(request))


def _found(connection: Connection, run: ShadowRun) -> dict[str, Any]:
    """Return what a comparison found, in words."""
    result = run.result
    summary = Summary.from_json(result["summary"])
    lists = {name: result[name] for name in ("without", "unclear", "no_order")}
    return {
        "summary": summary,
        "answer": answer(summary),
        "result": result,
        "fields": [_field(connection, name, summary) for name in summary.fields],
        "money": [
            {"agrees": in_currency(each.agrees, currency), "compared": in_currency(each.compared, currency)}
            for currency, each in summary.money.items()
        ],
        "differences": [_difference(row) for row in result["differences"][:SHOWN]],
        "more": max(len(result["differences"]) - SHOWN, 0),
        **{
            name: {"count": count, "rows": [_row(row) for row in rows[:SHOWN]]} for name, (count, rows) in lists.items()
        },
    }


def _field(connection: Connection, name: Field, summary: Summary) -> dict[str, Any]:
    found, explanation = summary.fields[name], PUT_RIGHT[name]
    return {
        "key": name.value,
        "name": NAMES[name],
        "agrees": found.agrees,
        "compared": found.compared,
        "differs": found.agrees != found.compared,
        "decisive": name in DECISIVE,
        "advice": explanation.who,
        "page": page_of(explanation, connection),
        "page_name": PAGE_NAMES[explanation.where],
    }


def _difference(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "name": NAMES[Field(row["field"])],
        "page": reverse("admin:connector_ordersync_change", args=[row["document"]]),
        "links": [link_to_version(row["version"], rule).as_html() for rule in row["rules"]],
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    page = reverse("admin:connector_ordersync_change", args=[row["document"]]) if "document" in row else ""
    amount = in_currency(row["amount"], row["currency"]) if row["amount"] else ""
    return {**row, "page": page, "amount": amount}
