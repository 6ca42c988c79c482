"""Try these rules: a draft is tried on the orders of the last days, and what it would move is shown before it acts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.actions import actor_of
from connector.admin.fit_result import cause, in_currency, money, names_of, notice, orders, titles_of_moves
from connector.domain.document.result import from_json
from connector.domain.document.states import LONGEST_REASON
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import Connection, FitRun
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REFRESH_SECONDS = 3


def what_if_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what the draft that was tried last would move; activate it, stop it, or go on with it.

    Raises PermissionDenied for a person who does not keep the books.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    if not may(request, ACCOUNTANTS):
        raise PermissionDenied
    run = fit_run.latest(connection, of_draft=True)
    if run is None:
        return _to("rules", connection)
    if request.method == "POST":
        return _act(request, connection, run)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("What if: rules of %(connection)s") % {"connection": connection},
        "connection": connection,
        "run": run,
        "refresh": REFRESH_SECONDS if run.state == FitRun.State.RUNNING else None,
        "overtaken": _is_overtaken(connection, run),
        "longest_reason": LONGEST_REASON,
        "causes": [notice(connection, problem) for problem in from_json(run.problems)],
        **(_found(connection, run) if run.state == FitRun.State.DONE else {}),
    }
    return TemplateResponse(request, "admin/connector/what_if.html", context)


def _act(request: HttpRequest, connection: Connection, run: FitRun) -> HttpResponse:
    if "stop" in request.POST:
        fit_run.stop(run)
    elif "on" in request.POST:
        fit_run.resume(run)
    elif "activate" in request.POST and run.rules is not None:
        return _activate(request, connection, run)
    return _to("what-if", connection)


def _activate(request: HttpRequest, connection: Connection, run: FitRun) -> HttpResponse:
    """Put the draft in force, unless another version came in force since it was tried."""
    note = request.POST.get("note", "").strip()[:LONGEST_REASON]
    if not note:
        messages.error(request, _("Say what changes, and why: the new version keeps it."))
        return _to("what-if", connection)
    seen = run.version.number if run.version else 0
    try:
        version = rule_versions.put_in_force(
            connection, run.rules or {}, author=actor_of(request), note=note, seen=seen
        )
    except rule_versions.Overtaken as error:
        messages.error(request, str(error))
        return _to("what-if", connection)
    if version is None:
        messages.warning(request, _("Nothing differs from the rules in force, so no new version was made."))
    else:
        text = _("Version %(number)s is in force. Orders that the rules held are tried again.")
        messages.success(request, text % {"number": version.number})
    return _to("rules", connection)


def _is_overtaken(connection: Connection, run: FitRun) -> bool:
    """Whether other rules are in force than those with which the draft was compared."""
    present = rule_versions.in_force(connection)
    return (present.pk if present else None) != run.version_id


def _to(page: str, connection: Connection) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:connector_connection_{page}", args=[connection.pk]))


def _found(connection: Connection, run: FitRun) -> dict[str, Any]:
    moved, names = run.moves, names_of(connection)
    return {
        "result": run.result,
        "total": money(run.result["totals"]),
        "changed": moved["changed"],
        "becomes_held": orders(moved["becomes_held"]),
        "held_count": len(moved["becomes_held"]),
        "becomes_free": orders(moved["becomes_free"]),
        "free_count": len(moved["becomes_free"]),
        "tables": [
            {
                "title": title,
                "rows": [_row(code, move, names[kind]) for code, move in moved.get(f"by_{kind}", {}).items()],
            }
            for kind, title in titles_of_moves().items()
        ],
        "held": [cause(connection, each) for each in run.result["causes"]],
    }


def _row(code: str, move: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return what moves to or from one code, a line for each currency."""
    before, after = move["before"], move["after"]
    amounts = [
        {
            "before": in_currency(before.get(currency, "0"), currency),
            "after": in_currency(after.get(currency, "0"), currency),
            "moves": in_currency(Decimal(after.get(currency, "0")) - Decimal(before.get(currency, "0")), currency),
        }
        for currency in sorted(before.keys() | after.keys())
    ]
    return {"code": code, "name": names.get(code, ""), "documents": move["documents"], "amounts": amounts}
