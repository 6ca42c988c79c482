"""The page of one customer: both sides beside each other, what differs, what a person decides, and the history."""

from typing import Any, Final

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.customers.events import SHOWN, in_words
from connector.admin.customers.pairs import Pair, Visible
from connector.admin.customers.sides import groups, lines, owner_of
from connector.admin.documents.page import BULKY
from connector.domain.choices import FieldGroup
from connector.models import Connection, CustomerEvent, CustomerLink, OrderSync
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin, visible_rows

MOST_DOCUMENTS: Final = 20
# How an account was found. Earlier releases kept other words for the same.
REASONS: Final = {
    "link": gettext_lazy("It was linked before."),
    "search_code": gettext_lazy("The account has our SearchCode."),
    "search code": gettext_lazy("The account has our SearchCode."),
    "SearchCode": gettext_lazy("The account has our SearchCode."),
    "vat_number": gettext_lazy("The VAT number is the same."),
    "VAT number": gettext_lazy("The VAT number is the same."),
    "email_and_name": gettext_lazy("The e-mail address and the name are the same."),
    "e-mail address": gettext_lazy("The e-mail address and the name are the same."),
    "name_and_postcode": gettext_lazy("The name and the postcode are the same."),
    "chosen": gettext_lazy("A person chose it."),
    "created": gettext_lazy("The connector made the account."),
}


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
        **shown(admin, request, pair),
        **(extra_context or {}),
    }
    return TemplateResponse(request, "admin/connector/customers/customer.html", context)


def pair_of(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> Pair:
    """Return both sides of the row that an address names. Raises Http404."""
    row, visible = admin.get_object(request, unquote(object_id)), Visible.to(request, admin.admin_site)
    found = visible.pairs_of_links([row]) if isinstance(row, CustomerLink) else visible.pairs_of_customers([row])
    if not found:
        raise Http404(_("There is no such customer."))
    return found[0]


def shown(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> dict[str, Any]:
    """Return what the page shows besides both sides: a fixed number of statements."""
    connection = connection_of(admin, request, pair)
    events = list(_history(pair)[: SHOWN + 1])
    return {
        "connection": connection,
        "groups": groups(pair.customer, pair.account, connection),
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
        "more_events": len(events) > SHOWN,
        "history_shown": SHOWN,
        "documents": _documents(pair),
        "all_documents": f"{reverse('admin:connector_ordersync_changelist')}?{urlencode({'q': pair.email})}",
    }


def connection_of(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> Connection | None:
    """Return the connection between the store and the division of the link; of a customer without one, the store's."""
    rows = visible_rows(admin.admin_site, Connection, request).filter(store=pair.store.pk).order_by("pk")
    return (rows.filter(division=pair.link.division_id) if pair.link else rows).first()


def reason_in_words(by: str) -> str:
    """Return in words how an account was found."""
    return str(REASONS.get(by, by))


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
