"""A copy of the division's accounts, so that matching a customer needs no call.

It is pulled by Exact's sync Timestamp, a thousand per call. An interrupted pull goes on where it stopped.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from string import Template
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Case, Q, Value, When

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Account as ExactAccount
from connector.clients.exact.server_time import to_utc
from connector.clients.rows import OddRow
from connector.domain.customer.account import CUSTOMER, Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.names import fitting, name_key
from connector.domain.customer.phones import phone_key
from connector.domain.customer.postcodes import country_key, postcode_key
from connector.domain.order.vat_number import normal_vat_number
from connector.flow import odd_rows
from connector.flow.clock import database_now
from connector.flow.customer.copies import forgotten
from connector.models import DirectoryAccount, Division
from connector.problems.odd_rows import of_json, to_json

BATCH = 1000
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s+(?=\d)")
_LONGEST_KEY = 200  # of a name, as the column has it
FRESH_FOR = timedelta(hours=1)
_KEPT = (
    *("code", "name", "search_code", "vat_number", "email", "is_customer", "status", "ends", "blocked", "address"),
    *("name_key", "phone", "phone_key", "language", "address_line1", "address_line2", "postcode", "postcode_key"),
    *("city", "state", "country", "chamber_of_commerce", "peppol_id", "payment_condition", "vat_code", "modified_at"),
    "forgotten_at",
)
_COLUMNS: tuple[Any, ...] = tuple(DirectoryAccount._meta.get_field(each) for each in ("division", "account_id", *_KEPT))
# Written out, because Django's own statement has no condition for a row that is there.
_SET = Template("$name = excluded.$name")
_WRITE = Template(
    "INSERT INTO connector_directoryaccount ($columns) VALUES $rows"
    " ON CONFLICT (division_id, account_id) DO UPDATE SET $kept"
    " WHERE (connector_directoryaccount.modified_at IS NULL OR excluded.modified_at IS NULL"
    " OR connector_directoryaccount.modified_at <= excluded.modified_at)"
    " AND (connector_directoryaccount.written_at IS NULL OR connector_directoryaccount.written_at <= %s)"
)


def candidates(division: Division, customer: Customer, linked: Sequence[str]) -> list[Account]:
    """Return the accounts with these ids, or with a SearchCode of the customer, the VAT number, the e-mail address, or
    the name and a postcode."""
    wanted = Q(account_id__in=linked)
    wanted |= Q(search_code__in=[customer.search_code(key).upper() for key in customer.keys])
    if customer.vat_number:
        wanted |= Q(vat_number=customer.vat_number)
    if customer.email:
        wanted |= Q(email=customer.email)
    names = {name_key(name)[:_LONGEST_KEY] for name in (customer.name, fitting(customer.name))} - {""}
    postcodes = {place.postcode for place in customer.places}
    if names and postcodes:
        wanted |= Q(name_key__in=sorted(names), postcode_key__in=sorted(postcodes))
    return [
        account_of(row) for row in DirectoryAccount.objects.filter(wanted, division=division).order_by("code", "id")
    ]


def by_code(division: Division, code: str) -> Account | None:
    """Return the account with this code, given with or without leading blanks."""
    row = DirectoryAccount.objects.filter(division=division, code=code.strip()).first()
    return None if row is None else account_of(row)


def account_at(division: Division, account_id: str, mark: str) -> DirectoryAccount | None:
    """Return the account when this is its own visiting address, whatever its second line; else None."""
    row = DirectoryAccount.objects.filter(division=division, account_id=account_id).first()
    if row is None or not (row.address_line1 or row.city):
        return None
    return row if address_fingerprint(row.address_line1, row.postcode, row.city, row.country) == mark else None


def address_fingerprint(street: str, postcode: str, city: str, country: str) -> str:
    """Return a hash that ignores blanks and upper case. A blank between two numbers counts: 12 3 is not 123."""
    lines = [_BETWEEN_NUMBERS.sub("-", part) for part in (street, city)]
    parts = ["".join(part.casefold().split()) for part in (lines[0], postcode, lines[1], country)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def is_fresh(division: Division) -> bool:
    """Whether the accounts were read within the last hour, and were not marked as stale since."""
    return division.accounts_read_at is not None and division.accounts_read_at > database_now() - FRESH_FOR


def mark_stale(division: Division) -> None:
    """Have the accounts read again before one of them holds an order: somebody may have corrected it in Exact."""
    division.accounts_read_at = None
    division.save(update_fields=["accounts_read_at"])


def pull(division: Division, client: ExactClient, tell: Callable[[int], object] = lambda count: None) -> int:
    """Read every account that changed since the last pull. Return how many. Raises the client's errors.

    `tell` gets how many a page had, after each page but the last one. What it raises ends the pull, and the next pull
    goes on with the next page. An account that cannot be read has an alert until it is read: only changed ones come
    again.
    """
    odd: list[OddRow] = []
    began = database_now()
    before: dict[str, Any] = division.odd_accounts
    was_read = division.accounts_read_at is not None
    # It is not known when an account without a name is right.
    kept = {name: row for name, row in before.items() if name} if division.accounts_timestamp else {}
    accounts = client.accounts_since(division.accounts_timestamp, odd.append)
    count = 0
    while batch := list(islice(accounts, BATCH)):
        keep(division, batch, began)
        kept = {name: row for name, row in kept.items() if name not in _names(batch)}
        division.accounts_timestamp = max(division.accounts_timestamp, *(account.timestamp for account in batch))
        count += len(batch)
        if len(batch) == BATCH:  # the last one is written with the rest
            division.odd_accounts = kept | {row.name: to_json(row) for row in odd}
            division.save(update_fields=["accounts_timestamp", "odd_accounts"])
            tell(len(batch))
    kept |= {row.name: to_json(row) for row in odd}
    if kept or before or division.accounts_read_at is None:
        odd_rows.report(division.grant.tenant, division, "accounts", [_odd(*each) for each in kept.items()])
    division.odd_accounts, division.accounts_read_at = kept, database_now()
    _write_end(division, was_read=was_read)
    return count


def _write_end(division: Division, *, was_read: bool) -> None:
    """Write how far a pull came. A list that was reported as stale meanwhile stays so: its pages may be older."""
    read_at: Any = division.accounts_read_at
    if was_read:
        read_at = Case(When(accounts_read_at=None, then=None), default=Value(read_at))
    Division.objects.filter(pk=division.pk).update(
        accounts_timestamp=division.accounts_timestamp, odd_accounts=division.odd_accounts, accounts_read_at=read_at
    )


def _odd(name: str, kept: Any) -> OddRow:
    """Read what is kept of an account that cannot be read: earlier releases kept its name and why as one text."""
    return OddRow(name, kept.removeprefix(f"{name}: ")) if isinstance(kept, str) else of_json(kept)


def _names(accounts: Iterable[ExactAccount]) -> set[str]:
    """The names that these accounts have in Exact's list."""
    return {name for account in accounts for name in (account.id, account.code)}


def keep(division: Division, accounts: Iterable[ExactAccount], began: datetime) -> None:
    """Write accounts as Exact has them now: a thousand at most, locked in the order of their ids.

    One that another process has read with a later change is left as it is. So is one that we changed after `began`, the
    time before the call: what was read may be older than our change, and it is read again.
    """
    found = {account.id: row_of(division, account) for account in accounts}
    if found:
        with transaction.atomic():
            _write(division, [found[account_id] for account_id in sorted(found)], began)


def _write(division: Division, rows: Sequence[DirectoryAccount], began: datetime) -> None:
    forgotten.empty_accounts(division, rows)
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    statement = _WRITE.substitute(
        columns=", ".join(column.column for column in _COLUMNS),
        rows=", ".join([one] * len(rows)),
        kept=", ".join(_SET.substitute(name=name) for name in _KEPT),
    )
    with database.cursor() as cursor:
        cursor.execute(statement, [*(part for row in rows for part in _parts(row)), _time(began)])
        are_left = cursor.rowcount < len(rows)
    if are_left:
        ids = [row.account_id for row in rows]
        written = DirectoryAccount.objects.filter(division=division, account_id__in=ids, written_at__gt=began)
        written.update(due_at=database_now())


def _parts(row: DirectoryAccount) -> list[Any]:
    """The columns that are written, as the database keeps them."""
    return [field.get_db_prep_save(getattr(row, field.attname), connection=database) for field in _COLUMNS]


def _time(value: datetime) -> Any:
    """A time, as the database keeps it."""
    return DirectoryAccount._meta.get_field("written_at").get_db_prep_save(value, connection=database)


def keep_vat_number(division: Division, account_id: str, number: str) -> None:
    """Write the VAT number that an account was given."""
    rows = DirectoryAccount.objects.filter(division=division, account_id=account_id)
    rows.update(vat_number=number, written_at=database_now())


def keep_customer(division: Division, account_id: str) -> None:
    """Write that an account was made a customer."""
    rows = DirectoryAccount.objects.filter(division=division, account_id=account_id)
    rows.update(status=CUSTOMER, is_customer=True, written_at=database_now())


def row_of(division: Division, account: ExactAccount) -> DirectoryAccount:
    """Return an account as the directory keeps it, not saved."""
    return DirectoryAccount(
        division=division,
        account_id=account.id,
        code=account.code.strip()[:20],
        name=account.name[:200],
        search_code=account.search_code.strip().upper()[:60],
        vat_number=normal_vat_number(account.vat_number, account.country)[:40],
        email=account.email.strip().lower()[:254],
        is_customer=account.status == CUSTOMER or (account.is_sales and not account.status),
        status=account.status[:1],
        ends=account.end_date,
        blocked=account.blocked,
        address=address_fingerprint(account.address_line1, account.postcode, account.city, account.country),
        **_details(division, account),
    )


def _details(division: Division, account: ExactAccount) -> dict[str, Any]:
    """What names, phones and addresses are compared by, and what else is kept of an account, cut to its column."""
    country = country_key(account.country)
    kept = {
        "name_key": name_key(account.name),
        "phone": account.phone,
        "phone_key": phone_key(account.phone, country),
        "language": account.language,
        "address_line1": account.address_line1,
        "address_line2": account.address_line2,
        "postcode": account.postcode,
        "postcode_key": postcode_key(account.postcode, country),
        "city": account.city,
        "state": account.state,
        "country": country,
        "chamber_of_commerce": account.chamber_of_commerce,
        "peppol_id": account.peppol_id,
        "payment_condition": account.payment_condition,
        "vat_code": account.vat_code,
    }
    cut = {name: value[: _longest(name)] for name, value in kept.items()}
    return {**cut, "modified_at": to_utc(account.modified, division.region)}


def _longest(column: str) -> int | None:
    """How many characters a column of text takes."""
    longest: int | None = getattr(DirectoryAccount._meta.get_field(column), "max_length", None)
    return longest


def account_of(row: DirectoryAccount) -> Account:
    """Return an account of the directory as the ladder compares it."""
    return Account(
        id=row.account_id,
        code=row.code,
        name=row.name,
        search_code=row.search_code,
        vat_number=row.vat_number,
        email=row.email,
        status=CUSTOMER if row.is_customer else row.status,
        blocked=row.blocked,
        ends=row.ends,
        phone_key=row.phone_key,
        postcode_key=row.postcode_key,
        country=row.country,
    )
