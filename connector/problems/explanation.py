"""What the catalogue says of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from connector.domain.document.codes import Code

Text = str | Promise
"""A sentence in the language of the person who reads it."""

PAGES: Final = frozenset(
    {"connection", "rules", "vat_rules", "customers", "grant", "store", "exact", "bigcommerce", "ledger"}
)


class Mender(StrEnum):
    """Who can put it right."""

    NOBODY = "nobody"  # it needs nobody
    OPERATOR = "operator"
    ACCOUNTANT = "accountant"
    OWNER = "owner"
    STORE = "store"  # somebody who may change orders in the store
    EXACT_ADMIN = "exact_admin"  # an administrator of the Exact licence
    PLATFORM = "platform"  # those who run the connector


@dataclass(frozen=True, slots=True)
class Explanation:
    """`what_happened` and `who` (who mends it, and how) are sentences; `where` is one of PAGES.

    `field` is the name of the field on that page, "" when it is about no single one.
    """

    what_happened: Text
    who: Text
    where: str
    mender: Mender = Mender.ACCOUNTANT
    field: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether it stays as it is until somebody acts."""
        return self.mender is not Mender.NOBODY


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's sentence, with its parameters as %(name)s, and what is said about every problem of that code."""

    message: Text
    told: Explanation


Entries = Mapping[Code, Entry]
