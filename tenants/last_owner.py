"""The last active owner of an organisation and the last active superuser stay. What could remove one asks here first.

A person who is switched off counts as neither. Each question locks what it counts: two people who remove each other at
the same time must not both succeed. It is asked in the transaction that writes.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tenants.models import Membership, Role, Tenant, User


def active_owners(tenant_ids: Iterable[int]) -> QuerySet[Membership]:
    """The memberships of the owners who can log in."""
    return Membership.objects.filter(tenant__in=list(tenant_ids), role=Role.OWNER, user__is_active=True)


def why_owners_stay(membership: Membership) -> str:
    """Return why this member cannot lose the role of owner; "" when they can, or do not have it."""
    return _without_owner(active_owners([membership.tenant_id]).filter(pk=membership.pk))


def why_active(person: User) -> str:
    """Return why a person cannot be switched off; "" when they can."""
    return _without_owner(Membership.objects.filter(user=person.pk, role=Role.OWNER, user__is_active=True))


def why_superuser(person: User) -> str:
    """Return why a person cannot cease to be a superuser, or to be active; "" when they can, or are none."""
    active = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    pks = [one.pk for one in active.only("pk")]
    return _("Somebody must run this portal: make another superuser first.") if pks == [person.pk] else ""


def _without_owner(leaving: QuerySet[Membership]) -> str:
    """Return which organisations would have no owner without these memberships; "" when there is none."""
    tenants = Tenant.objects.select_for_update().filter(memberships__in=list(leaving)).order_by("pk")
    names = {tenant.pk: tenant.name for tenant in tenants.only("pk", "name")}
    others = active_owners(names).exclude(pk__in=[one.pk for one in leaving])
    for kept in others.values_list("tenant_id", flat=True):
        names.pop(kept, None)
    if not names:
        return ""
    named = ", ".join(sorted(names.values()))
    return _("An organisation needs an owner who can log in: %(organisations)s.") % {"organisations": named}
