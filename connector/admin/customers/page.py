"""The page of one customer: both sides beside each other, what differs, what a person decides, and the history."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from connector.admin.customers.actions import buttons
from connector.admin.customers.events import SHOWN, cuts, in_words
from connector.admin.customers.pairs import Pair, pair_of
from connector.admin.customers.reasons import reason_in_words
from connector.admin.customers.sides import groups, lines, owner_of
from connector.admin.documents.page import BULKY
from connector.domain.choices import FieldGroup
from connector.domain.document.states import LONGEST_REASON
from connector.flow.actions.customer_matches import what_was_chosen
from connector.models import Connection, CustomerEvent, CustomerMatch, OrderSync
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin, visible_rows

MOST_DOCUMENTS: Final = 20


def customer_view(
    admin: ScopedModelAdmin,
    request: HttpRequest,
    object_id: str | None,
    _form_url: str = "",
    extra_context: dict[str, Any] | None = None,
) -> TemplateResponse:
    """Show one customer. Raises Http404 for an unknown one, PermissionDenied for a POST and where nobody adds."""
    if object_id is None or not admin.has_view_permission(request):
        raise PermissionDenied
    pair = pair_of(admin, request, object_id)
    if request.method == "POST":
        raise PermissionDenied
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "media": admin.media,
        "original": pair.link or pair.customer,
        "title": pair.name or _("Customer %(id)s") % {"id": pair.key},
        "pair": pair,
        "may": may(request, OPERATORS),
        "buttons": buttons(request, pair),
        "longest_reason": LONGEST_REASON,
        **shown(admin, request, pair),
        **(extra_context or {}),
    }
    return TemplateResponse(request, "admin/connector/customers/customer.html", context)


def shown(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> dict[str, Any]:
    """Return what the page shows besides both sides: a fixed number of statements."""
    connection = connection_of(admin, request, pair)
    events = list(_history(pair)[: SHOWN + 1])
    return {
        "connection": connection,
        "groups": groups(pair.customer, pair.account, connection, _stays(pair)),
        "choices": [(match, _chosen(match)) for match in pair.matches],
        "reason": reason_in_words(pair.link.matched_by) if pair.link else "",
        "conflicts": [
            {
                "row": each,
                "store": lines(each.store_values) if isinstance(each.store_values, dict) else (),
                "exact": lines(each.exact_values) if isinstance(each.exact_values, dict) else (),
                "owner": owner_of(connection, FieldGroup(each.group)),
            }
            for each in pair.conflicts
        ],
        "events": [in_words(each) for each in events[:SHOWN]],
        "cuts": cuts(events),
        "more_events": len(events) > SHOWN,
        "history_shown": SHOWN,
        "documents": _documents(pair),
        "all_documents": f"{reverse('admin:connector_ordersync_changelist')}?{urlencode({'q': pair.email})}",
    }


def connection_of(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> Connection | None:
    """Return the connection between the store and the division of the link; of a customer without one, the store's."""
    rows = visible_rows(admin.admin_site, Connection, request).filter(store=pair.store.pk).order_by("pk")
    return (rows.filter(division=pair.link.division_id) if pair.link else rows).first()


def _chosen(match: CustomerMatch) -> str:
    """Return what a person chose in the match report; "" for nothing."""
    if not match.choice:
        return ""
    return _("a new one") if match.choice == match.NEW_ACCOUNT else what_was_chosen(match)


def _stays(pair: Pair) -> dict[str, Any]:
    return pair.link.stays if pair.link and isinstance(pair.link.stays, dict) else {}


def _history(pair: Pair) -> Any:
    named = Q(store=pair.store.pk, customer_key=pair.key)
    rows = CustomerEvent.objects.filter(named).order_by("-id").select_related("actor").defer("actor__password")
    return rows.filter(Q(division=pair.link.division_id) | Q(division=None)) if pair.link else rows


def _documents(pair: Pair) -> list[OrderSync]:
    """Return the newest documents of orders with the customer's e-mail address in this store."""
    if not pair.email:
        return []
    rows = OrderSync.objects.filter(email__in={pair.email, pair.email.lower()}, connection__store=pair.store.pk)
    return list(rows.select_related("connection").defer(*BULKY).order_by("-id")[:MOST_DOCUMENTS])
