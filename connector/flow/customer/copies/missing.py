"""Forgets an account that Exact does not have any more, so that the customer is matched again.

A list of changes does not tell what was deleted, so the directory and the links keep such an account. Nor does Exact
say that an account was merged into another one. But its invoices are the other one's then: one of ours tells which it
is, and the customers go there. Without such an invoice an account that was deleted and one that was merged look alike.
"""

import re
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from connector.clients import errors
from connector.clients.exact import records
from connector.clients.exact.accounts import accounts_with_ids
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory, forgotten
from connector.models import (
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    DirectoryAccount,
    Division,
    OrderSync,
    StoreCustomer,
)

GONE: Final = "gone"
"""In a link without an account, in the place of why it was linked: Exact had the account and has it no more."""
MERGED: Final = "merged"

# Exact's text for a reference to a record that is not in the division, in Dutch and English.
_MISSING_RECORD = re.compile(
    r"(ongeldige referentie|invalid reference): *"
    r"(besteld door|factuur voor|leveren aan|relatie|ordered by|invoice to|deliver to|account)\b",
    re.IGNORECASE,
)


class AccountGone(errors.Unavailable):
    """Exact does not have the account any more, or the link leads elsewhere by now: match the customer again."""


def is_named_by(refusal: errors.Rejected) -> bool:
    """Whether Exact refused a reference to an account or an address."""
    return bool(_MISSING_RECORD.search(refusal.detail))


def raise_if_gone(division: Division, account_id: str, client: ExactClient) -> None:
    """Forget an account that Exact does not have, and raise AccountGone. Raises the client's errors.

    It is asked by a list, because a 404 counts as an error at Exact.
    """
    if not client.has_account(account_id):
        forget(division, account_id, client)
        raise AccountGone(_("Exact does not have the customer's account any more"), endpoint="crm/Accounts")


def forget_what_is_gone(division: Division, account_id: str, client: ExactClient) -> None:
    """After a refused document, forget its account when Exact does not have it, else the addresses of its customers.

    When Exact does not answer, nothing is forgotten: the document is held with the refusal, and a re-post asks again.
    """
    try:
        if client.has_account(account_id):
            CustomerLink.objects.filter(division=division, account_id=account_id).update(addresses={})
        else:
            forget(division, account_id, client)
    except errors.ClientError:
        return  # the history has the call; the refusal is what the person must read


def forget(division: Division, account_id: str, client: ExactClient) -> None:
    """Remove an account from the directory. Its customers' links lead to the one that it was merged into, else to none.

    Raises the client's errors.
    """
    began = database_now()
    into = _merged_into(division, account_id, client)
    with transaction.atomic():
        forgotten.lock_divisions([division.pk])  # before its rows, as everybody does
        links = CustomerLink.objects.filter(division=division, account_id=account_id)
        DirectoryAccount.objects.filter(division=division, account_id=account_id).delete()
        rows = list(links.select_related("store"))
        if into is None:
            _lead_nowhere(rows)
        else:
            directory.keep(division, [into], began)
            _lead_to(rows, into)


def _merged_into(division: Division, account_id: str, client: ExactClient) -> records.Account | None:
    """The account that has one of our invoices of this one now."""
    links = CustomerLink.objects.filter(division=division, account_id=account_id)
    keys = dict(links.values_list("customer_key", "store"))
    accounts = DirectoryAccount.objects.filter(division=division, account_id=account_id)
    customers = StoreCustomer.objects.filter(store__in=set(keys.values()), customer_key__in=keys)
    emails = {*accounts.values_list("email", flat=True), *customers.values_list("email", flat=True)} - {""}
    known = {spelling for email in emails for spelling in (email, email.lower())}
    ours = OrderSync.objects.filter(division=division, email__in=known, kind=DocumentKind.INVOICE)
    document = ours.filter(exact_data__account=account_id).exclude(exact_id="").order_by("-id").first()
    if document is None:
        return None
    found = (client.read_entry if document.is_entry else client.read_invoice)(document.exact_id)
    if found is None or not found.ordered_by or found.ordered_by.casefold() == account_id.casefold():
        return None
    return next(accounts_with_ids(client, [found.ordered_by]), None)


def _lead_to(links: list[CustomerLink], into: records.Account) -> None:
    """Have links lead to another account, with a line in each customer's history.

    Both sides are compared as if they had just met.
    """
    now, events = database_now(), []
    for link in links:
        is_known = link.forgotten_at is None
        name, code = into.name[:200] if is_known else "", into.code.strip()[:20]
        event = _event(link, CustomerEvent.Kind.MERGED, into.id)
        event.after = {"account": code, "name": name}
        events.append(event)
        columns: dict[str, Any] = {"account_id": into.id, "account_code": code, "account_name": name}
        columns |= {"matched_by": MERGED, "linked_at": now, "due_at": now if is_known else None, "read_first": is_known}
        CustomerLink.objects.filter(pk=link.pk).update(**columns, **_NOTHING_KNOWN)
    CustomerEvent.objects.bulk_create(events)
    _open_conflicts(links).update(decided_at=now)


def _lead_nowhere(links: list[CustomerLink]) -> None:
    """Take the account out of links, with a line in each customer's history.

    Nothing that was known of the account is kept for the next one. What both sides had changed is not open any more:
    each such group of details has a line, too.
    """
    events = [_event(link, CustomerEvent.Kind.UNLINKED, link.account_id) for link in links]
    known = {link.pk: link for link in links}
    for link_id, group in _open_conflicts(links).order_by("pk").values_list("link_id", "group"):
        event = _event(known[link_id], CustomerEvent.Kind.UNLINKED, known[link_id].account_id)
        event.group, event.before = group, {}
        events.append(event)
    for event in events:
        event.problems = to_json((problem(Code.ACCOUNT_GONE),))
    CustomerEvent.objects.bulk_create(events)
    _open_conflicts(links).update(decided_at=database_now())
    columns: dict[str, Any] = {"account_id": "", "account_code": "", "matched_by": GONE, **_NOTHING_KNOWN}
    CustomerLink.objects.filter(pk__in=[link.pk for link in links]).update(**columns)


def _open_conflicts(links: list[CustomerLink]) -> QuerySet[CustomerConflict]:
    return CustomerConflict.objects.filter(link__in=[link.pk for link in links], decided_at=None)


def _event(link: CustomerLink, kind: str, account_id: str) -> CustomerEvent:
    """A line of the history about the account that a link had, not saved."""
    event = CustomerEvent(kind=kind, origin=CustomerEvent.Origin.WEBHOOK, account_id=account_id)
    event.tenant_id, event.store_id, event.division_id = link.store.tenant_id, link.store_id, link.division_id
    event.customer_key = link.customer_key
    event.before = {"account": link.account_code, "name": link.account_name}
    return event


# Of the account that the link leads to from now on.
_NOTHING_KNOWN: Final[dict[str, Any]] = {
    "addresses": {},
    "sent_at": None,
    "store_base": {},
    "exact_base": {},
    "stays": {},
    "in_step_at": None,
    "ordered_as": "",
    "failures": 0,
    "contact_id": "",
    "contact_asked_at": None,
}
