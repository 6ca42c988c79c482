"""What a customer is linked to or merged with: found by code, id, e-mail address, or how a name begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from connector.admin.customers.pairs import Pair
from connector.models import Connection, CustomerLink, DirectoryAccount
from tenants.scoped_admin import ScopedModelAdmin, visible_rows

MOST: Final = 25
LONGEST_TERM: Final = 200
SHORTEST_PREFIX: Final = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its row's id, and what a person knows it by."""

    pk: int
    title: str
    facts: Sequence[str]


def accounts(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair, term: str) -> list[Choice]:
    """Return accounts with a code or an e-mail address, or whose name begins so.

    Without a term, those with the customer's e-mail address or name.
    """
    rows = accounts_for(admin, request, pair)
    if term:
        rows = rows.filter(_found(term, ("code", "email", "vat_number"), ("name",)))
    else:
        rows = rows.filter(Q(email=pair.email.lower()) & ~Q(email="") | Q(name__iexact=pair.name) & ~Q(name=""))
    return [_of_account(row) for row in rows.order_by("code", "pk")[:MOST]]


def others(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair, term: str) -> list[Choice]:
    """Return customers of the division who have another account, by id, account code, or how a name begins."""
    rows = others_for(admin, request, pair)
    if term:
        rows = rows.filter(_found(term, ("customer_key", "account_code"), ("name", "account_name")))
    else:
        rows = rows.filter(Q(name__iexact=pair.name) & ~Q(name=""))
    return [
        Choice(
            row.pk,
            row.name or row.account_name,
            [f"{row.store.name}, {row.customer_key}", f"{row.account_code} {row.account_name}".strip()],
        )
        for row in rows.order_by("-pk")[:MOST]
    ]


def accounts_for(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> QuerySet[DirectoryAccount]:
    """Return the accounts that the customer may be linked to: those of the link's division, else of the store's."""
    rows: QuerySet[DirectoryAccount] = visible_rows(admin.admin_site, DirectoryAccount, request)
    if pair.link is not None:
        return rows.filter(division=pair.link.division_id).exclude(account_id=pair.link.account_id)
    connections = visible_rows(admin.admin_site, Connection, request).filter(store=pair.store.pk)
    return rows.filter(division__in=connections.values("division"))


def others_for(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> QuerySet[CustomerLink]:
    """Return the customers that this one may be merged with."""
    assert pair.link is not None
    rows: QuerySet[CustomerLink] = visible_rows(admin.admin_site, CustomerLink, request)
    rows = rows.filter(division=pair.link.division_id).exclude(account_id="")
    return rows.exclude(pk=pair.link.pk).exclude(account_id=pair.link.account_id)


def _of_account(row: DirectoryAccount) -> Choice:
    place = f"{row.postcode} {row.city}".strip()
    facts = [row.email, row.vat_number, place, row.country]
    return Choice(row.pk, f"{row.code} {row.name}".strip(), [*filter(None, facts), str(row.division)])


def _found(term: str, exact: Sequence[str], begins: Sequence[str]) -> Q:
    spellings = {term[:LONGEST_TERM], term[:LONGEST_TERM].lower(), term[:LONGEST_TERM].upper()}
    found = Q(*((f"{name}__in", sorted(spellings)) for name in exact), _connector=Q.OR)
    if len(term) < SHORTEST_PREFIX:
        return found
    return found | Q(*((f"{name}__istartswith", term) for name in begins), _connector=Q.OR)
