"""Decides which rows a request may see: those of one active tenant per session, chosen in the header.

All rights come from here, and only the membership decides them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.models import Membership, Role, Tenant, User

SESSION_KEY = "tenant_id"
SUPERUSER: Final = "superuser"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one request may see. Without a `tenant`: nothing, or for a superuser everything, read-only."""

    memberships: tuple[Membership, ...] = ()
    membership: Membership | None = None
    tenant: Tenant | None = None
    superuser: bool = False


# A page asks dozens of times, so each request keeps its answer.
_answers: WeakKeyDictionary[HttpRequest, tuple[int, Scope]] = WeakKeyDictionary()


def scope(request: HttpRequest) -> Scope:
    """Return what the user of the request may see."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return Scope()
    known = _answers.get(request)
    if known is None or known[0] != user.pk:
        known = user.pk, _read(request, user)
        _answers[request] = known
    return known[1]


def _read(request: HttpRequest, user: User) -> Scope:
    chosen = request.session.get(SESSION_KEY)
    memberships = tuple(user.memberships.select_related("tenant").order_by("tenant__name", "pk"))
    if user.is_superuser:
        tenant = Tenant.objects.filter(pk=chosen).first() if chosen else None
        return Scope(memberships, tenant=tenant, superuser=True)
    mine = [one for one in memberships if one.tenant_id == chosen] or list(memberships)
    if len(mine) != 1:
        return Scope(memberships)
    return Scope(memberships, mine[0], mine[0].tenant)


def active_tenant(request: HttpRequest) -> Tenant | None:
    """Return the active tenant; None before one is chosen."""
    return scope(request).tenant


def role(request: HttpRequest) -> Role | Literal["superuser"] | None:
    """Return the role in force; None when there is no membership, or no tenant is chosen yet."""
    mine = scope(request)
    if mine.superuser:
        return SUPERUSER
    return Role(mine.membership.role) if mine.membership else None


def is_superuser(request: HttpRequest) -> bool:
    """Return whether the request's user runs the platform (for the side bar)."""
    return scope(request).superuser


def may(request: HttpRequest, roles: Collection[Role]) -> bool:
    """Return whether the user has one of the roles. A superuser has every role after choosing a tenant.

    Nobody has one in a suspended organisation.
    """
    mine = scope(request)
    if mine.tenant is not None and mine.tenant.suspended:
        return False
    if mine.superuser:
        return mine.tenant is not None
    return mine.membership is not None and mine.membership.role in roles


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the tenant switch for the header of every page (a context processor)."""
    mine = scope(request) if request.path.startswith(reverse("admin:index")) else Scope()
    if not mine.superuser and not mine.memberships:
        return {}
    # This query runs only when a page shows the switch.
    everyone = Tenant.objects.only("pk", "name").order_by("name", "pk")
    return {
        "tenant_choices": everyone if mine.superuser else [one.tenant for one in mine.memberships],
        "active_tenant": mine.tenant,
        "active_role": _role_name(role(request)),
        "may_see_all_tenants": mine.superuser,
    }


def _role_name(found: Role | Literal["superuser"] | None) -> str:
    if found is None:
        return ""
    return _("superuser") if found == SUPERUSER else str(Role(found).label)


@require_POST
def choose_tenant(request: HttpRequest) -> HttpResponse:
    """Make another tenant the active one. Raises Http404 for a tenant that the user does not belong to."""
    mine, wanted = scope(request), request.POST.get("tenant", "")
    if wanted == "" and mine.superuser:
        request.session.pop(SESSION_KEY, None)
        return HttpResponseRedirect(reverse("admin:index"))
    if not (wanted.isascii() and wanted.isdecimal()) or not _may_choose(mine, int(wanted)):
        raise Http404(_("There is no such organisation."))
    request.session[SESSION_KEY] = int(wanted)
    return HttpResponseRedirect(reverse("admin:index"))


def _may_choose(mine: Scope, tenant_id: int) -> bool:
    if mine.superuser:
        return Tenant.objects.filter(pk=tenant_id).exists()
    return any(one.tenant_id == tenant_id for one in mine.memberships)
