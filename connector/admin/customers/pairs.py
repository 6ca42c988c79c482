"""A customer, the account, and what waits for a person: read for a page of customers at once.

The number of statements does not depend on the number of customers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.admin.customers.sides import differing
from connector.domain.choices import FieldGroup
from connector.models import CustomerConflict, CustomerEvent, CustomerLink, CustomerMatch, DirectoryAccount, Store
from connector.models import StoreCustomer as Customer
from tenants.scoped_admin import ScopedModelAdmin, visible_rows

Key = tuple[int, str]  # store, customer key
Row = tuple[Customer | None, CustomerLink | None]


class State(StrEnum):
    """How it stands with a customer. Of several the first counts."""

    FORGOTTEN = "forgotten"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"
    UNLINKED = "unlinked"
    DIFFERS = "differs"
    IN_STEP = "in_step"


WORDS: Final[Mapping[State, Promise]] = {
    State.IN_STEP: _("in step"),
    State.DIFFERS: _("differs"),
    State.CONFLICT: _("both changed"),
    State.AMBIGUOUS: _("ambiguous"),
    State.UNLINKED: _("not linked"),
    State.FORGOTTEN: _("forgotten"),
}
COLOURS: Final[Mapping[str, str]] = {
    State.IN_STEP: "success",
    State.DIFFERS: "info",
    State.CONFLICT: "danger",
    State.AMBIGUOUS: "warning",
    State.UNLINKED: "",
    State.FORGOTTEN: "",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A customer of a store beside an account of a division. Either may be missing, and so may the link.

    `matches` are those of a customer without a link, `conflicts` the open ones.
    """

    store: Store
    key: str
    customer: Customer | None
    link: CustomerLink | None
    account: DirectoryAccount | None
    matches: tuple[CustomerMatch, ...] = ()
    conflicts: tuple[CustomerConflict, ...] = ()
    forgotten: bool = False

    @property
    def linked(self) -> bool:
        """Whether it leads to an account. A link without one says that an account is being made."""
        return self.link is not None and bool(self.link.account_id)

    @property
    def differs(self) -> frozenset[FieldGroup]:
        """The groups of details that do not say the same on both sides."""
        return differing(self.customer, self.account)

    @property
    def ambiguous(self) -> CustomerMatch | None:
        """The match in which a person chooses, and has not yet."""
        return next((each for each in self.matches if each.outcome == each.Outcome.AMBIGUOUS and not each.choice), None)

    @property
    def state(self) -> State:
        """How it stands."""
        if self.forgotten:
            return State.FORGOTTEN
        if self.conflicts:
            return State.CONFLICT
        if not self.linked:
            return State.AMBIGUOUS if self.ambiguous else State.UNLINKED
        return State.DIFFERS if self.differs else State.IN_STEP

    @property
    def state_words(self) -> str:
        """How it stands, in words."""
        return str(WORDS[self.state])

    @property
    def colour(self) -> str:
        """The colour of the state; the words say the same."""
        return COLOURS[self.state]

    @property
    def name(self) -> str:
        """What a person calls the customer: the name in the store, else that of the link or of the account."""
        rows = (self.customer, self.link, self.account)
        return next((row.name for row in rows if row is not None and row.name), "")

    @property
    def email(self) -> str:
        """The e-mail address in the store, else in Exact."""
        return (self.customer and self.customer.email) or (self.account and self.account.email) or ""


@dataclass(frozen=True, slots=True)
class Visible:
    """The customers and the links that a request may see."""

    customers: QuerySet[Customer]
    links: QuerySet[CustomerLink]

    @classmethod
    def to(cls, request: HttpRequest, site: AdminSite) -> "Visible":
        """Return what the admin classes of both show."""
        return cls(visible_rows(site, Customer, request), visible_rows(site, CustomerLink, request))

    def pairs_of_customers(self, customers: Collection[Customer]) -> list[Pair]:
        """Return the customers in their order, each with its links; once without one when it has none."""
        of_key: dict[Key, list[CustomerLink | None]] = {}
        for link in self.links.filter(_named(customers)).order_by("pk"):
            of_key.setdefault(_key(link), []).append(link)
        rows: list[Row] = []
        for customer in customers:
            rows += [(customer, link) for link in of_key.get(_key(customer), [None])]
        return _pairs(rows)

    def pairs_of_links(self, links: Collection[CustomerLink]) -> list[Pair]:
        """Return the links in their order, each with its customer where the store's are known."""
        found = {_key(row): row for row in self.customers.filter(_named(links))}
        return _pairs([(found.get(_key(link)), link) for link in links])


def pair_of(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> Pair:
    """Return both sides of the row that an address names. Raises Http404."""
    row, visible = admin.get_object(request, unquote(object_id)), Visible.to(request, admin.admin_site)
    found = visible.pairs_of_links([row]) if isinstance(row, CustomerLink) else visible.pairs_of_customers([row])
    if not found:
        raise Http404(gettext("There is no such customer."))
    return found[0]


def _pairs(rows: Collection[Row]) -> list[Pair]:
    links = [link for _customer, link in rows if link is not None]
    alone = [customer for customer, link in rows if customer is not None and not (link and link.account_id)]
    accounts, conflicts, forgotten = _accounts(links), _conflicts(links), _forgotten(rows)
    matches: dict[int, list[CustomerMatch]] = {}
    for match in CustomerMatch.objects.filter(customer__in=alone).select_related("division").order_by("id"):
        matches.setdefault(match.customer_id, []).append(match)
    found = []
    for customer, link in rows:
        row = customer or link
        assert row is not None
        found.append(
            Pair(
                row.store,
                row.customer_key,
                customer,
                link,
                accounts.get((link.division_id, link.account_id)) if link else None,
                tuple(_fitting(matches.get(customer.pk, ()), link)) if customer else (),
                tuple(conflicts.get(link.pk, ())) if link else (),
                _key(row) in forgotten,
            )
        )
    return found


def _fitting(matches: Iterable[CustomerMatch], link: CustomerLink | None) -> list[CustomerMatch]:
    return [each for each in matches if link is None or each.division_id == link.division_id]


def _accounts(links: Collection[CustomerLink]) -> dict[tuple[int, str], DirectoryAccount]:
    ids, divisions = {link.account_id for link in links if link.account_id}, {link.division_id for link in links}
    rows = DirectoryAccount.objects.filter(division__in=divisions, account_id__in=ids) if ids else ()
    return {(row.division_id, row.account_id): row for row in rows}


def _conflicts(links: Collection[CustomerLink]) -> dict[int, list[CustomerConflict]]:
    rows = CustomerConflict.objects.filter(link__in=links, decided_at=None).order_by("id") if links else ()
    return {pk: list(each) for pk, each in groupby(sorted(rows, key=lambda row: row.link_id), lambda row: row.link_id)}


def _forgotten(rows: Collection[Row]) -> set[Key]:
    named = _named([row for pair in rows for row in pair if row is not None])
    events = CustomerEvent.objects.filter(named, kind=CustomerEvent.Kind.FORGOTTEN).order_by()
    return set(events.values_list("store_id", "customer_key"))


def _named(rows: Collection[Customer | CustomerLink]) -> Q:
    """The condition for rows of the same stores and keys. It may find a key of one store in another one too."""
    return Q(store__in={row.store_id for row in rows}, customer_key__in={row.customer_key for row in rows})


def _key(row: Customer | CustomerLink) -> Key:
    return row.store_id, row.customer_key
