"""The links of a customer, in the ledger: which account the customer's orders go to."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.clients.wording import marked as _
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Link
from connector.domain.customer.likeness import Reason
from connector.flow.clock import database_now
from connector.flow.customer.account.buyers import name_in_store
from connector.flow.customer.copies import missing
from connector.models import Connection, CustomerLink, CustomerMatch


@dataclass(frozen=True, slots=True)
class Rows:
    """What the ledger has of a customer. `own` are the rows of the customer's keys: links, and those for which an
    account may have been asked for. `as_guest` are the links that the customer had before the registration. `chosen` is
    what a person chose in the match report, as the link that the next run makes of it: its account is NEW_ACCOUNT when
    none of those in question is the customer's."""

    own: Sequence[CustomerLink]
    as_guest: Sequence[CustomerLink] = ()
    chosen: Link | None = None

    @property
    def links(self) -> list[CustomerLink]:
        """The customer's own rows that lead to an account."""
        return [row for row in self.own if row.account_id]

    def under(self, key: str) -> CustomerLink | None:
        """The row of one of the customer's keys."""
        return next((row for row in self.own if row.customer_key == key), None)


def rows_of(connection: Connection, customer: Customer) -> Rows:
    """Return what the ledger has of the customer, with one query, and one more for a customer without an account."""
    keys = [*customer.keys, *customer.guest_keys]
    rows = list(
        CustomerLink.objects.filter(store=connection.store, division=connection.division, customer_key__in=keys)
    )
    for row in rows:
        row.store, row.division = connection.store, connection.division  # not to be loaded again
    own = [row for row in rows if row.customer_key in customer.keys]
    as_guest = [row for row in rows if row.account_id and row.customer_key in customer.guest_keys]
    has_account = any(row.account_id for row in own if row.customer_key == customer.key)
    return Rows(own, as_guest, None if has_account or not customer.registered else _chosen(connection, customer))


def _chosen(connection: Connection, customer: Customer) -> Link | None:
    matches = CustomerMatch.objects.filter(division=connection.division, customer__store=connection.store)
    matches = matches.filter(customer__customer_key=customer.key).exclude(choice="")
    row = matches.select_related("customer").first()
    return None if row is None else Link(customer.key, row.choice, name_in_store(row.customer))


def link_of(row: CustomerLink) -> Link:
    """Return a link as the ladder reads it."""
    return Link(row.customer_key, row.account_id, name_of(row))


def name_of(row: CustomerLink) -> str:
    """Return the customer's name when the account was linked. An account that we made had it too."""
    return row.name or (row.account_name if row.matched_by == Reason.CREATED else "")


def link_under(connection: Connection, customer: Customer, key: str) -> CustomerLink:
    """Return the row of one of the customer's keys, which is made when there is none."""
    row, _made = CustomerLink.objects.get_or_create(
        store=connection.store,
        division=connection.division,
        customer_key=key,
        defaults={"search_code": customer.search_code(key)},
    )
    row.store, row.division = connection.store, connection.division
    return row


def keep(
    row: CustomerLink, customer: Customer, account: Account, reason: Reason, score: int, **new: object
) -> CustomerLink:
    """Write the link when it leads to another account than before, or when the customer's name was not kept.

    `new` are further columns of a link that leads to another account. Raises AccountGone as `write` does.
    """
    if row.account_id != account.id:
        kept: dict[str, object]
        kept = {"account_id": account.id, "account_code": account.code, "account_name": account.name[:200]}
        kept |= {"matched_by": reason.value, "name": customer.name[:200], "linked_at": database_now()}
        # What both sides had when they were last in step was that of another account.
        bases: dict[str, object] = {"store_base": {}, "exact_base": {}, "in_step_at": None, "stays": {}}
        bases |= {"addresses": {}, "contact_id": "", "contact_asked_at": None}
        write(row, **{**kept, **bases, **new}, score=score, sent_at=None, failed_searches=0)
    elif not row.name:
        write(row, name=customer.name[:200])
    return row


def write(row: CustomerLink, **fields: object) -> None:
    """Set columns and save them, while the row leads to the account with which it was read.

    Raises AccountGone when that account was taken out since, or another one was linked: it must not come back.
    """
    if not CustomerLink.objects.filter(pk=row.pk, account_id=row.account_id).update(**fields):
        raise missing.AccountGone(_("The customer's account has just changed. It is looked up again."))
    for name, value in fields.items():
        setattr(row, name, value)
