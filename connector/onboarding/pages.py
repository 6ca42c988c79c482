"""The pages of the steps: who may see one, which one is due, and what follows after a press."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connector.admin.home.page import owners
from connector.flow.setup import progress
from connector.flow.setup.progress import STEPS, Progress, StepState
from connector.onboarding import (
    division_step,
    exact_step,
    first_step,
    fit_step,
    live_step,
    look_step,
    mapping_step,
    store_step,
)
from connector.onboarding.drafts import Draft
from connector.onboarding.frame import StepPage, Visit
from tenants.models import Role, Tenant, User
from tenants.scope import active_tenant, may

TITLES = {
    "store": gettext_lazy("Store"),
    "exact": gettext_lazy("Exact Online"),
    "division": gettext_lazy("Division"),
    "mapping": gettext_lazy("Mapping"),
    "fit": gettext_lazy("See if it fits"),
    "look": gettext_lazy("Look at five"),
    "first": gettext_lazy("Post one"),
    "live": gettext_lazy("Go live"),
}
PAGES = {
    "store": StepPage(lambda: _("Connect your BigCommerce store"), store_step.show, store_step.act),
    "exact": StepPage(lambda: _("Connect Exact Online"), exact_step.show, exact_step.act),
    "division": StepPage(lambda: _("Choose the division"), division_step.show, division_step.act),
    "mapping": StepPage(lambda: _("Look at the proposed mapping"), mapping_step.show, mapping_step.act),
    "fit": StepPage(lambda: _("See if it fits"), fit_step.show, fit_step.act),
    "look": StepPage(lambda: _("Look at five orders"), look_step.show, look_step.act),
    "first": StepPage(lambda: _("Post one order"), first_step.show, first_step.act),
    "live": StepPage(lambda: _("Go live"), live_step.show, live_step.act),
}


@never_cache
@require_http_methods(["GET", "POST"])
def step_view(request: HttpRequest, step: str) -> HttpResponse:
    """Show a step, or do what was pressed there. A step that is not due yet leads to the first that is."""
    user, tenant = request.user, active_tenant(request)
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    if tenant is None:
        return redirect("admin:index")  # where an organisation is chosen
    if not may(request, {Role.OWNER}):
        return render(request, "onboarding/owners_only.html", {"owners": owners(tenant)}, status=403)
    found = progress.read(tenant)
    if not found.is_due(step):
        return redirect(address_of(found.due))
    visit = Visit(request, user, tenant, found, Draft(request.session, tenant, step))
    return _act(visit, step) if request.method == "POST" else _show(visit, step)


def next_address(tenant: Tenant) -> str:
    """Return the address of the first step that is due; the portal's home after the last."""
    return address_of(progress.read(tenant).due)


def address_of(step: str) -> str:
    """Return the address of a step; the portal's home for one that has no page."""
    return reverse("get-started-step", kwargs={"step": step}) if step in PAGES else reverse("admin:index")


def _act(visit: Visit, step: str) -> HttpResponse:
    done = PAGES[step].act(visit)
    if isinstance(done, HttpResponse):
        return done
    if not done:
        return redirect(address_of(step))
    visit.draft.forget()
    return redirect(next_address(visit.tenant))


def _show(visit: Visit, step: str) -> HttpResponse:
    page, found = PAGES[step], visit.progress
    shown: dict[str, Any] = {
        "step": step,
        "state": StepState.TROUBLE if visit.draft.errors else found.states[step],
        "title": page.title(),
        "line": _line(found, step),
        "next": address_of(found.due) if found.states[step] == StepState.DONE and found.due != step else "",
        "errors": visit.draft.errors.get("", []),
        **page.show(visit),
    }
    return render(visit.request, f"onboarding/{step}.html", shown)


def _line(found: Progress, present: str) -> list[dict[str, Any]]:
    """Return the line of steps. A step that may be opened has its address."""
    return [
        {
            "title": TITLES[step],
            "state": found.states[step],
            "address": address_of(step) if step in PAGES and found.is_due(step) else "",
            "present": step == present,
        }
        for step in STEPS
    ]
