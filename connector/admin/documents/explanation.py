"""Explanations for one reader: the page, its address, and the people who can act there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from connector.domain.document.result import Problem, from_json
from connector.flow.outbound.access_tokens import exact_base_url
from connector.models import Connection, OrderSync, SyncEvent
from connector.models.kept_words import shown_text
from connector.problems.catalogue import explain, sentences
from connector.problems.explanation import Explanation
from tenants.models import Membership, Role
from tenants.roles import ACCOUNTANTS, OPERATORS, OWNERS
from tenants.scope import active_tenant, may

PAGE_NAMES = {
    "connection": _("the connection"),
    "rules": _("its rules"),
    "vat_rules": _("its VAT rules"),
    "customers": _("Customers"),
    "grant": _("the consent"),
    "store": _("the store"),
    "exact": _("Exact Online"),
    "bigcommerce": _("the store's control panel"),
    "ledger": _("the ledger"),
    "months": _("its months"),
}
# The roles that can act on a page. Other roles get no link to it.
ROLES_OF_PAGE: Mapping[str, frozenset[Role]] = {
    "connection": ACCOUNTANTS,
    "rules": ACCOUNTANTS,
    "vat_rules": ACCOUNTANTS,
    "customers": ACCOUNTANTS,
    "grant": OWNERS,
    "store": OWNERS,
    "exact": OPERATORS,
    "bigcommerce": OPERATORS,
    "ledger": OPERATORS,
    "months": ACCOUNTANTS,
    "approval": ACCOUNTANTS,
}
HERE = {"ledger", "approval"}  # the document's own page
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """An explanation for one reader: a link when the reader may act, else the names of people who may.

    `particulars` is the document's own message, `raw` is the text of `vendor`. `url` is "" on the document's own page.
    """

    explanation: Explanation
    url: str = ""
    page: str = ""
    ask: str = ""
    particulars: str = ""
    raw: str = ""
    vendor: str = ""


def notices(request: HttpRequest, document: OrderSync) -> list[Notice]:
    """Return the notices of a document that is held or skipped. Problems with the same explanation share one."""
    problems = from_json(document.problems)
    if not problems:
        explanation = explanation_of(document)
        return [notice(request, explanation, document, message=shown_text(document.message, {}))]
    alike: dict[Explanation, list[Problem]] = {}
    for each in problems:
        alike.setdefault(explain(each.code, each.params), []).append(each)
    return [
        notice(request, explanation, document, message=sentences(found), vendor=vendor_of(found[0]))
        for explanation, found in alike.items()
    ]


def notice(
    request: HttpRequest, explanation: Explanation, document: OrderSync, *, message: str = "", vendor: str = ""
) -> Notice:
    """Return an explanation for the person of this request.

    `message` is the document's own message; with a `vendor` it contains the vendor's text.
    """
    words = {"raw": message, "vendor": vendor} if vendor else {"particulars": message}
    page = str(PAGE_NAMES.get(explanation.where, ""))
    if may(request, ROLES_OF_PAGE.get(explanation.where, OPERATORS)):
        url = "" if explanation.where in HERE else page_of(explanation, document.connection, document)
        return Notice(explanation, url, page, **words)
    return Notice(explanation, ask=_whom(request, explanation), **words)


def _whom(request: HttpRequest, explanation: Explanation) -> str:
    """Name a few people who may act."""
    tenant = active_tenant(request)
    if tenant is None or not explanation.needs_person:
        return ""
    roles = ROLES_OF_PAGE.get(explanation.where, OPERATORS)
    members = Membership.objects.filter(tenant=tenant, role__in=roles, user__is_active=True)
    people = members.order_by("role", "pk").values_list("user__name", "user__email")[:MOST_NAMED]
    return ", ".join(f"{name} ({email})" if name else email for name, email in people)


def explanation_of(document: OrderSync) -> Explanation:
    """Return the explanation of a document's most serious problem."""
    return explain(document.code, document.params, document.reason)


def in_words(document: OrderSync) -> str:
    """Return in the reader's language why the document is held, is skipped or waits."""
    return sentences(from_json(document.problems)) or shown_text(document.message, {})


def event_in_words(event: SyncEvent) -> str:
    """Return in the reader's language what a row of the history says. What earlier releases kept as a sentence
    stays as it is."""
    data = event.data if isinstance(event.data, dict) else {}
    between = " " if "differences" in data else "\n"  # a change and what follows are read as one text
    return sentences(from_json(data.get("problems", ())), between) or shown_text(event.text, data)


def vendor_of(problem: Problem) -> str:
    """Return the vendor whose text a problem contains, "Exact" or "BigCommerce"; "" when it contains none."""
    return str(problem.params.get("vendor", "")) if problem.params.get("status") else ""


def page_of(explanation: Explanation, connection: Connection, document: OrderSync | None = None) -> str:
    """Return the address of the page to act on, and of its field if there is one."""
    page = page_url(explanation.where, connection, document)
    return f"{page}#id_{explanation.field}" if explanation.field and page else page


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
        "months": ("connection_months", connection.pk),
        "store": ("store_change", connection.store_id),
        "grant": ("exactgrant_change", connection.division.grant_id),
        "customers": ("customerlink_changelist", None),
        "ledger": ("ordersync_change", document.pk) if document else ("ordersync_changelist", None),
    }.get(where, ("", None))
    return reverse(f"admin:connector_{view}", args=[key] if key else []) if view else ""


def _control_panel(connection: Connection, document: OrderSync | None) -> str:
    """Return the order's address in the store's control panel. Every store has this address (assumed)."""
    panel = f"https://store-{connection.store.store_hash}.mybigcommerce.com/manage/orders"
    return f"{panel}/{document.order_id}" if document is not None else panel
