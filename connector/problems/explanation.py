"""The shape of an entry in the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from connector.domain.document.codes import Code

Text = str | Promise
"""A sentence in the language of the person who reads it."""

PAGES: Final = frozenset(
    {"connection", "rules", "vat_rules", "customers", "grant", "store", "exact", "bigcommerce", "ledger", "months"}
)


class Person(StrEnum):
    """Who can solve a problem."""

    NOBODY = "nobody"  # it goes on by itself
    OPERATOR = "operator"
    ACCOUNTANT = "accountant"
    OWNER = "owner"
    STORE = "store"  # somebody who may change orders in the store
    EXACT_ADMIN = "exact_admin"  # an administrator of the Exact licence
    PLATFORM = "platform"  # those who run the connector


@dataclass(frozen=True, slots=True)
class Explanation:
    """`what_happened` and `who` (who acts, and how) are sentences. `where` is one of PAGES.

    `field` is the name of a field on that page, "" for the whole page.
    """

    what_happened: Text
    who: Text
    where: str
    person: Person = Person.ACCOUNTANT
    field: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether a person must act."""
        return self.person is not Person.NOBODY


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's sentence, with its parameters as %(name)s, and the explanation of every problem with that code.

    `with_document` has the sentences that also say that Exact has the document, by how it stands there: booked or open.
    """

    message: Text
    explanation: Explanation
    with_document: Mapping[str, Text] = field(default_factory=dict)


Entries = Mapping[Code, Entry]
