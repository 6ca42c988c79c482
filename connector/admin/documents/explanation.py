"""From the symbolic pages of `domain.explain` to addresses and people, for one connection or one document of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from connector.domain.document.explain import Explanation, explain, vendor_of
from connector.flow.outbound.access_tokens import exact_base_url
from connector.models import Connection, OrderSync
from tenants.models import Membership, Role
from tenants.roles import ACCOUNTANTS, OPERATORS, OWNERS
from tenants.scope import active_tenant, may

PAGE_NAMES = {
    "connection": "the connection",
    "rules": "its rules",
    "vat_rules": "its VAT rules",
    "customers": "Customers",
    "grant": "the consent",
    "store": "the store",
    "exact": "Exact Online",
    "bigcommerce": "the store's control panel",
    "ledger": "the ledger",
}
# Who can do something on that page; nobody else is sent there.
MENDERS: Mapping[str, frozenset[Role]] = {
    "connection": ACCOUNTANTS,
    "rules": ACCOUNTANTS,
    "vat_rules": ACCOUNTANTS,
    "customers": ACCOUNTANTS,
    "grant": OWNERS,
    "store": OWNERS,
    "exact": OPERATORS,
    "bigcommerce": OPERATORS,
    "ledger": OPERATORS,
    "approval": ACCOUNTANTS,
}
HERE = {"ledger", "approval"}  # on the document's own page
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """An explanation for one reader: a link for who may mend it, the names of those who may for anybody else.

    `particulars` are what the document says itself, `raw` is what `vendor` said; `url` is "" when it is this very page.
    """

    told: Explanation
    url: str = ""
    page: str = ""
    ask: str = ""
    particulars: str = ""
    raw: str = ""
    vendor: str = ""


def notice(request: HttpRequest, told: Explanation, document: OrderSync, *, message: str = "") -> Notice:
    """Say to the person of this request what happened, and where they or somebody else mend it."""
    vendor = vendor_of(message)
    words = {"raw": message, "vendor": vendor} if vendor else {"particulars": message}
    page = PAGE_NAMES.get(told.where, "")
    if may(request, MENDERS.get(told.where, OPERATORS)):
        url = "" if told.where in HERE else page_url(told.where, document.connection, document)
        return Notice(told, url, page, **words)
    return Notice(told, ask=_whom(request, told), **words)


def _whom(request: HttpRequest, told: Explanation) -> str:
    """Name a few of those who may mend it."""
    tenant = active_tenant(request)
    if tenant is None or not told.needs_person:
        return ""
    roles = MENDERS.get(told.where, OPERATORS)
    members = Membership.objects.filter(tenant=tenant, role__in=roles, user__is_active=True)
    people = members.order_by("role", "pk").values_list("user__name", "user__email")[:MOST_NAMED]
    return ", ".join(f"{name} ({email})" if name else email for name, email in people)


def explain_document(document: OrderSync) -> tuple[Explanation, str]:
    """Say in plain words why a document stands where it stands, and where that is mended.

    The address may lead to a vendor's own site (`exact`, `bigcommerce`).
    """
    told = explain(document.reason, document.message)
    return told, page_url(told.where, document.connection, document)


def page_url(where: str, connection: Connection, document: OrderSync | None = None) -> str:
    """Return the address of a page for this connection; "" for an unknown page."""
    if where == "exact":
        return exact_base_url(connection.division.region)
    if where == "bigcommerce":
        return _control_panel(connection, document)
    view, key = {
        "connection": ("connection_change", connection.pk),
        "rules": ("connection_rules", connection.pk),
        "vat_rules": ("connection_rules", connection.pk),
        "store": ("store_change", connection.store_id),
        "grant": ("exactgrant_change", connection.division.grant_id),
        "customers": ("customerlink_changelist", None),
        "ledger": ("ordersync_change", document.pk) if document else ("ordersync_changelist", None),
    }.get(where, ("", None))
    return reverse(f"admin:connector_{view}", args=[key] if key else []) if view else ""


def _control_panel(connection: Connection, document: OrderSync | None) -> str:
    """The order in the store's control panel, at the address that every store has beside its own domain (assumed)."""
    panel = f"https://store-{connection.store.store_hash}.mybigcommerce.com/manage/orders"
    return f"{panel}/{document.order_id}" if document is not None else panel
