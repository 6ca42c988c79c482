"""The page on which the rules of a connection are edited. Saving makes a new version; no version is changed."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents import asked_rules, tried
from connector.admin.documents.actions import actor_of
from connector.admin.home.figures import CAP, capped, ledger_url
from connector.admin.rules import asked
from connector.admin.rules.form import RuleForm
from connector.admin.rules.sku_table import FILE, with_file
from connector.domain.document.states import BlockedReason, State
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import Connection, OrderSync, RuleVersion
from connector.problems.references import names_one
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
    data = with_file(request.POST, request.FILES.get(FILE)) if request.method == "POST" else None
    wanted = asked_rules.read(request.GET) if data is None else None
    form = RuleForm(connection, present, data, draft=_draft(request, connection, present, wanted))
    if wanted:
        asked.mark(form, wanted)
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


def _draft(
    request: HttpRequest, connection: Connection, present: RuleVersion | None, wanted: asked_rules.Asked | None
) -> rule_versions.Rules | None:
    """Return the rules that the page begins with when those are not the ones in force."""
    if wanted and wanted.section:
        return asked.with_new_rule(rule_versions.as_filed(present), wanted, connection.division)
    tried = fit_run.latest(connection, of_draft=True) if "draft" in request.GET else None
    return tried.rules if tried else None


def _save(request: HttpRequest, connection: Connection, form: RuleForm) -> HttpResponse | None:
    """Save the rules. Returns None when another person saved first; the form then shows that."""
    typed = form.note.cleaned_data
    author = actor_of(request)
    try:
        with tried.watch(connection.store.tenant) as watched:
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
    page = watched.page if version is not None else ""
    return HttpResponseRedirect(page or reverse("admin:connector_connection_rules", args=[connection.pk]))


def _refused(connection: Connection) -> dict[str, Any]:
    """Return the number of documents that Exact refused and that a saved page does not try again by itself, the first
    of them, and the list that re-posts them."""
    rows = OrderSync.objects.filter(connection=connection, state=State.BLOCKED, reason=BlockedReason.REJECTED)
    few = rows.order_by().only("code", "params", "problems", "exact_id")[: CAP + 1]
    keys = [row.pk for row in few if row.exact_id or not names_one(row.causes)]
    if not keys:
        return {}
    url = ledger_url(state=State.BLOCKED, reason=BlockedReason.REJECTED, connection__id=connection.pk)
    return {"number": capped(len(keys)), "url": url, "first": keys[0]}
