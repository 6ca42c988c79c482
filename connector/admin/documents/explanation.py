"""From the symbolic pages of `connector.problems` to addresses and people, for one connection or one document of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from connector.domain.document.result import Problem, from_json
from connector.flow.outbound.access_tokens import exact_base_url
from connector.models import Connection, OrderSync
from connector.problems.catalogue import explain, sentences
from connector.problems.explanation import Explanation
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


def notices(request: HttpRequest, document: OrderSync) -> list[Notice]:
    """Say of each problem of a document that is held or skipped what happened, those that are mended alike together."""
    problems = from_json(document.problems)
    if not problems:
        told = explanation_of(document)
        return [notice(request, told, document, message=document.message)]
    alike: dict[Explanation, list[Problem]] = {}
    for each in problems:
        alike.setdefault(explain(each.code, each.params), []).append(each)
    return [
        notice(request, told, document, message=sentences(found), vendor=vendor_of(found[0]))
        for told, found in alike.items()
    ]


def notice(
    request: HttpRequest, told: Explanation, document: OrderSync, *, message: str = "", vendor: str = ""
) -> Notice:
    """Say to the person of this request what happened, and where they or somebody else mend it.

    `message` is what the document says itself; with a `vendor` it holds what that said.
    """
    words = {"raw": message, "vendor": vendor} if vendor else {"particulars": message}
    page = PAGE_NAMES.get(told.where, "")
    if may(request, MENDERS.get(told.where, OPERATORS)):
        url = "" if told.where in HERE else page_of(told, document.connection, document)
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
    told = explanation_of(document)
    return told, page_of(told, document.connection, document)


def explanation_of(document: OrderSync) -> Explanation:
    """Say what there is to say about a document's most serious problem."""
    return explain(document.code, document.params, document.reason)


def in_words(document: OrderSync) -> str:
    """Say in the reader's language why the document is held, skipped or waits."""
    return sentences(from_json(document.problems)) or document.message


def vendor_of(problem: Problem) -> str:
    """Return whose own words a problem tells, "Exact" or "BigCommerce"; "" when it is all ours."""
    return str(problem.params["vendor"]) if problem.params.get("status") else ""


def page_of(told: Explanation, connection: Connection, document: OrderSync | None = None) -> str:
    """Return the address of the page on which it is mended, at its field where it has one."""
    page = page_url(told.where, connection, document)
    return f"{page}#id_{told.field}" if told.field and page else page


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
