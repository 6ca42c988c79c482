"""The page on which the rules of a connection are edited. Saving makes a new version; no version is changed."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.actions import actor_of
from connector.admin.home.figures import CAP, capped, ledger_url
from connector.admin.rules.form import RuleForm
from connector.domain.document.states import BlockedReason, State
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import Connection, OrderSync
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin


def rules_in_force(request: HttpRequest, connection: Connection | None) -> dict[str, Any]:
    """Return what a connection's page shows of its rules: the version in force, and whether to offer the editor."""
    return {
        "rules_in_force": rule_versions.in_force(connection) if connection else None,
        "may_edit_rules": may(request, ACCOUNTANTS),
    }


def rules_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the rules in force, or the draft that was tried last, as a form; save them as a new version, or try them.

    A person who may not edit gets the version's page by GET. Raises PermissionDenied when they send the form.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    present = rule_versions.in_force(connection)
    if not may(request, ACCOUNTANTS):
        if present is None or request.method == "POST":
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:connector_ruleversion_change", args=[present.pk]))
    data = request.POST if request.method == "POST" else None
    tried = fit_run.latest(connection, of_draft=True) if "draft" in request.GET else None
    form = RuleForm(connection, present, data, draft=tried.rules if tried else None)
    if form.tries:
        if form.is_valid():
            fit_run.start(connection, actor_of(request), rules=form.filed())
            return HttpResponseRedirect(reverse("admin:connector_connection_what-if", args=[connection.pk]))
    elif data is not None and form.is_valid() and (answer := _save(request, connection, form)):
        return answer
    if form.overtaken:
        present = rule_versions.in_force(connection)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Rules of %(connection)s") % {"connection": connection},
        "connection": connection,
        "present": present,
        "form": form,
        "refused": _refused(connection),
        "media": admin.media + form.media,
    }
    return TemplateResponse(request, "admin/connector/rules.html", context)


def _save(request: HttpRequest, connection: Connection, form: RuleForm) -> HttpResponse | None:
    """Save the rules. Returns None when another person saved first; the form then shows that."""
    typed = form.note.cleaned_data
    author = actor_of(request)
    try:
        version = rule_versions.put_in_force(
            connection, form.filed(), author=author, note=typed["note"], seen=typed["seen"]
        )
    except rule_versions.Overtaken as error:
        form.overtake(str(error), rule_versions.in_force(connection))
        return None
    if version is None:
        messages.warning(request, _("Nothing differs from the rules in force, so no new version was made."))
    else:
        text = _("Version %(number)s is in force. Orders that the rules held are tried again.")
        messages.success(request, text % {"number": version.number})
    return HttpResponseRedirect(reverse("admin:connector_connection_rules", args=[connection.pk]))


def _refused(connection: Connection) -> dict[str, str]:
    """Return the number of documents that Exact refused, and the page to re-post them from."""
    rows = OrderSync.objects.filter(connection=connection, state=State.BLOCKED, reason=BlockedReason.REJECTED)
    ids = list(rows.order_by().values_list("pk", flat=True)[: CAP + 1])
    if not ids:
        return {}
    url = ledger_url(state=State.BLOCKED, reason=BlockedReason.REJECTED, connection__id=connection.pk)
    if len(ids) == 1:
        url = reverse("admin:connector_ordersync_do", args=[ids[0], "re_post"])
    return {"number": capped(len(ids)), "url": url}
