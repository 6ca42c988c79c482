"""The address at which people come back from Exact with a consent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from connector.flow.consent import authorize
from tenants.models import Role, User
from tenants.scope import active_tenant, may


@never_cache
@require_GET
def exact_callback(request: HttpRequest) -> HttpResponse:
    """Take the code from Exact. Exact's own error text is neither read nor shown."""
    found = None
    try:
        found = authorize.redeem(request.GET.get("state", ""), visitor(request))
        in_use = authorize.receive(found, "" if "error" in request.GET else request.GET.get("code", ""))
    except authorize.ConsentRefused as refusal:
        if found and found.getting_started:
            return redirect("get-started-step", step="exact")
        return render(request, "consent_refused.html", {"text": str(refusal)}, status=refusal.status)
    if not in_use:
        return redirect("admin:connector_exactgrant_confirm", found.grant_id)
    if found.getting_started:
        return redirect("get-started-step", step="division")
    messages.success(request, _("%(name)s is connected to Exact.") % {"name": found.grant.name})
    page = "change" if found.grant.divisions.exists() else "divisions"
    return redirect(f"admin:connector_exactgrant_{page}", found.grant_id)


def visitor(request: HttpRequest) -> authorize.Visitor:
    """Return the person who is logged in. Raises ConsentRefused when nobody is."""
    user, session_key = request.user, request.session.session_key
    if not isinstance(user, User) or not user.is_active or not session_key:
        raise authorize.ConsentRefused(f"{_('You are not logged in here.')} {authorize.AGAIN}", 403)
    owner = may(request, {Role.OWNER})
    return authorize.Visitor(user, session_key, active_tenant(request) if owner else None)
