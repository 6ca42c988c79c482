"""Removes personal data from what is kept of a customer: the copies of both sides, the link, the history.

The marks that keep the data from coming back are set here (`flow/customer/copies/forgotten.py`).
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from connector.domain.document.scrub import Scrub
from connector.flow.clock import database_now
from connector.flow.customer.copies import forgotten
from connector.flow.records.privacy.subject import Subject, as_it_is_now
from connector.models import (
    Connection,
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    CustomerMatch,
    Division,
    Store,
    StoreCustomer,
)
from tenants.models import User

_EMPTY: Mapping[str, Any] = {
    "name": "",
    "account_name": "",
    "addresses": {},
    "store_base": {},
    "exact_base": {},
    "stays": {},
    "ordered_as": "",
}


def remove(subject: Subject, scrub: Scrub, actor: User | None, *, more: bool) -> bool:
    """Remove it, and mark the customer as forgotten. Returns whether there was anything, or `more` elsewhere.

    A customer from whom nothing was removed, and who is marked, is not marked once more.
    """
    with transaction.atomic():
        forgotten.lock_store(subject.store.pk)
        # Before the divisions, as everybody does.
        matches = CustomerMatch.objects.filter(customer__store=subject.store, customer__customer_key=subject.key)
        had_match = bool(matches.delete()[0])
        of_store = Connection.objects.filter(store=subject.store).values_list("division_id", flat=True)
        forgotten.lock_divisions({*of_store, *(link.division_id for link in subject.links)})
        subject = as_it_is_now(subject)
        changed = any([_links(subject), _accounts(subject), _copy(subject, had_match), _history(subject, scrub), more])
        marked = subject.events.filter(kind=CustomerEvent.Kind.FORGOTTEN).exists()
        if changed or not marked:
            _mark(subject, actor)
    return changed


def _links(subject: Subject) -> bool:
    changed = False
    for link in subject.links:
        empty = {**_EMPTY, "due_at": None, "failures": 0, "read_first": False}
        if link.forgotten_at is None or any(getattr(link, name) != value for name, value in empty.items()):
            CustomerLink.objects.filter(pk=link.pk).update(**empty, forgotten_at=link.forgotten_at or database_now())
            changed = True
    conflicts = CustomerConflict.objects.filter(link__in=[link.pk for link in subject.links])
    for conflict in conflicts:
        empty = {"store_values": _blank(conflict.store_values), "exact_values": _blank(conflict.exact_values)}
        if conflict.decided_at is None:
            empty |= {"decision": CustomerConflict.Decision.NEITHER, "decided_at": database_now()}
        changed |= _changed(conflict, empty)
    return changed


def _accounts(subject: Subject) -> bool:
    changed, columns = False, (*forgotten.PERSONAL_OF_ACCOUNT, "search_code", "forgotten_at")
    codes = {link.search_code.upper() for link in subject.links}
    for account in subject.accounts:
        before = [getattr(account, name) for name in columns]
        code = account.search_code
        forgotten.empty_account(account)
        if code in codes:  # also of an account that the customer had: the next order makes no second one with it
            account.search_code = code
        if before != [getattr(account, name) for name in columns]:
            account.save(update_fields=columns)
            changed = True
    return changed


def _copy(subject: Subject, had_match: bool) -> bool:
    """Empty the copy of the store's customer; a registered one has a row from now on, so that a pull stays empty."""
    if not subject.key.isdecimal():
        return False
    customer = subject.customer or StoreCustomer(store=subject.store, customer_key=subject.key)
    if subject.customer is not None and not had_match and customer.forgotten_at and not customer.name:
        return False
    forgotten.empty_customer(customer)
    customer.due_at, customer.forgotten_at = None, customer.forgotten_at or database_now()
    customer.save()
    return True


def _history(subject: Subject, scrub: Scrub) -> bool:
    changed = False
    for event in subject.events:
        empty = {
            "before": _blank(event.before),
            "after": _blank(event.after),
            "problems": scrub.problems(event.problems),
        }
        changed |= _changed(event, empty)
    return changed


def _changed(row: CustomerConflict | CustomerEvent, columns: Mapping[str, Any]) -> bool:
    if all(getattr(row, name) == value for name, value in columns.items()):
        return False
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    return True


def _blank(values: Mapping[str, Any]) -> dict[str, str]:
    """Keep which values there were, and not what they were."""
    return dict.fromkeys(values, "")


def _mark(subject: Subject, actor: User | None) -> None:
    """Add the event of each key. An order that was placed before it stays bare."""
    rows = [
        CustomerEvent(
            tenant_id=subject.store.tenant_id,
            store=subject.store,
            customer_key=key,
            kind=CustomerEvent.Kind.FORGOTTEN,
            origin=CustomerEvent.Origin.PERSON,
            actor=actor,
        )
        for key in sorted(subject.keys)
    ]
    CustomerEvent.objects.bulk_create(rows)
    Store.objects.filter(pk=subject.store.pk).update(has_forgotten=True)
    Division.objects.filter(pk__in=[link.division_id for link in subject.links]).update(has_forgotten=True)
