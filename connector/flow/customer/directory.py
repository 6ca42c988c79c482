"""A copy of the division's accounts, so that matching a customer needs no call.

It is pulled by Exact's sync Timestamp, a thousand per call. An interrupted pull goes on where it stopped.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Account
from connector.models import DirectoryAccount, Division

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The accounts that fit a customer. `by` names the field that matched."""

    accounts: list[DirectoryAccount]
    by: str = ""


def find(division: Division, search_code: str, vat_number: str, email: str) -> Found:
    """Find a customer's accounts by our SearchCode, else by VAT number, else by e-mail address."""
    wanted = [
        ("SearchCode", "search_code", search_code.upper()),
        ("VAT number", "vat_number", vat_number.upper()),
        ("e-mail address", "email", email.strip().lower()),
    ]
    for by, field, value in wanted:
        if value:
            accounts = list(DirectoryAccount.objects.filter(division=division, **{field: value}).order_by("code")[:5])
            if accounts:
                return Found(accounts, by)
    return Found([])


def by_code(division: Division, code: str) -> DirectoryAccount | None:
    """Return the account with this code, given with or without leading blanks."""
    return DirectoryAccount.objects.filter(division=division, code=code.strip()).first()


def has_address(division: Division, account_id: str, mark: str) -> bool:
    """Whether this is the account's own visiting address."""
    return DirectoryAccount.objects.filter(division=division, account_id=account_id, address=mark).exists()


def address_fingerprint(street: str, postcode: str, city: str, country: str) -> str:
    """Return a hash that ignores blanks and upper case."""
    parts = ["".join(part.casefold().split()) for part in (street, postcode, city, country)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def pull(division: Division, client: ExactClient) -> int:
    """Read every account that changed since the last pull. Return how many. Raises the client's errors."""
    accounts = client.accounts_since(division.accounts_timestamp)
    count = 0
    while batch := list(islice(accounts, BATCH)):
        _store(division, batch)
        count += len(batch)
    return count


def _store(division: Division, accounts: Iterable[Account]) -> None:
    rows = {account.id: _row(division, account) for account in accounts}
    DirectoryAccount.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["division", "account_id"],
        update_fields=[
            "code",
            "name",
            "search_code",
            "vat_number",
            "email",
            "is_customer",
            "blocked",
            "address",
        ],
    )
    division.accounts_timestamp = max(division.accounts_timestamp, *(account.timestamp for account in accounts))
    division.save(update_fields=["accounts_timestamp"])


def _row(division: Division, account: Account) -> DirectoryAccount:
    return DirectoryAccount(
        division=division,
        account_id=account.id,
        code=account.code.strip()[:20],
        name=account.name[:200],
        search_code=account.search_code.strip().upper()[:60],
        vat_number="".join(c for c in account.vat_number.upper() if c.isalnum())[:40],
        email=account.email.strip().lower()[:254],
        is_customer=account.is_sales or account.status == "C",
        blocked=account.blocked,
        address=address_fingerprint(account.address_line1, account.postcode, account.city, account.country),
    )
