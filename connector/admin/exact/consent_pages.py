"""The pages of a consent: connect to Exact, use or refuse a new consent, choose divisions. Only POST changes rows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.clients import errors
from connector.flow import leases
from connector.flow.consent import authorize
from connector.flow.setup import divisions as setup_divisions
from connector.models import ConsentRequest, ExactGrant
from connector.problems import consents
from connector.problems.calls import in_words
from tenants.models import User
from tenants.scope import active_tenant
from tenants.scoped_admin import ScopedModelAdmin
from tenants.unreadable import UnreadableSecret

Page = Callable[[ScopedModelAdmin, HttpRequest, ExactGrant], HttpResponse]
# The person sees these errors. Any other error is a fault of ours.
SHOWN = (errors.ClientError, leases.LeaseLost, authorize.ConsentRefused, setup_divisions.NotYours, UnreadableSecret)
LONGEST_CODE = 10  # digits


def connect(model_admin: ScopedModelAdmin, request: HttpRequest, grant: ExactGrant) -> HttpResponse:
    """Send the owner to Exact."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user, session_key = request.user, request.session.session_key
    assert isinstance(user, User)
    try:
        address = authorize.begin(grant, authorize.Visitor(user, session_key or "", active_tenant(request)))
    except SHOWN as refusal:
        messages.error(request, in_words(refusal))
        return _page("change", grant)
    return HttpResponseRedirect(address)


def waiting(request: HttpRequest) -> QuerySet[ConsentRequest]:
    """Return the new consents that this person must use or refuse, without their tokens."""
    mine = ConsentRequest.objects.filter(user=request.user.pk, tenant=active_tenant(request)).exclude(pair="")
    return mine.defer("pair", "client_secret").order_by("-pk")


def confirm(model_admin: ScopedModelAdmin, request: HttpRequest, grant: ExactGrant) -> HttpResponse:
    """Show how the new consent differs. The owner uses it or refuses it."""
    undecided = waiting(request).filter(grant=grant)
    if request.method == "POST":
        number = request.POST.get("request", "")
        found = undecided.filter(pk=number).first() if _is_number(number) else None
        return _decide(request, grant, found)
    found = undecided.first()
    if found is None:
        messages.info(request, _("There is no new consent to decide on."))
        return _page("change", grant)
    title = _("Use the new consent for %(name)s?") % {"name": grant.name}
    shown = {"found": found, "concerns": consents.in_words(found.concerns), "title": title}
    return _render(model_admin, request, grant, "confirm_consent", shown)


def _decide(request: HttpRequest, grant: ExactGrant, found: ConsentRequest | None) -> HttpResponse:
    if found is None:
        messages.error(request, _("That consent was decided on already, or it is too old. Connect to Exact again."))
        return _page("change", grant)
    if request.POST.get("decision") != "use":
        authorize.drop(found)
        messages.success(request, _("The new consent was refused. Nothing has changed."))
        return _page("change", grant)
    try:
        authorize.adopt(found)
    except SHOWN as refusal:
        messages.error(request, in_words(refusal))
        return _page("confirm", grant)
    messages.success(request, _("%(name)s is connected to Exact.") % {"name": grant.name})
    return _page("divisions", grant)


def divisions(model_admin: ScopedModelAdmin, request: HttpRequest, grant: ExactGrant) -> HttpResponse:
    """Let the owner choose the divisions to use. The list is Exact's last answer."""
    if request.method == "POST":
        try:
            return _pick(request, grant)
        except SHOWN as refusal:
            messages.error(request, in_words(refusal))
            return _page("divisions", grant)
    used = {division.code: division for division in grant.divisions.all()}
    rows = [{**row, "used": used.get(row["code"])} for row in grant.reachable]
    title = _("Divisions of %(name)s") % {"name": grant.name}
    return _render(model_admin, request, grant, "pick_divisions", {"rows": rows, "title": title})


def _pick(request: HttpRequest, grant: ExactGrant) -> HttpResponse:
    if "read" in request.POST:
        setup_divisions.read_reachable(grant)
        number = len(grant.reachable)
        text = ngettext("Exact names %(number)s division.", "Exact names %(number)s divisions.", number)
        messages.success(request, text % {"number": number})
        return _page("divisions", grant)
    chosen = {int(code) for code in request.POST.getlist("division") if _is_number(code)}
    if not chosen:
        messages.error(request, _("Tick the divisions that may be used."))
        return _page("divisions", grant)
    problems = [
        problem
        for division in setup_divisions.take(grant, chosen)
        if (problem := setup_divisions.try_to_pull(division))
    ]
    for problem in problems:
        messages.warning(request, problem)
    messages.success(request, _("The ticked divisions can be used in connections now."))
    return _page("divisions" if problems else "change", grant)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_CODE


def _page(name: str, grant: ExactGrant) -> HttpResponse:
    return redirect(f"admin:connector_exactgrant_{name}", grant.pk)


def _render(
    model_admin: ScopedModelAdmin, request: HttpRequest, grant: ExactGrant, template: str, shown: dict[str, Any]
) -> HttpResponse:
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "grant": grant, **shown}
    return TemplateResponse(request, f"admin/connector/{template}.html", context)
