"""Which documents in Exact were typed in by hand for which orders: sure, likely, or none.

What is sure is settled first, the strongest sign before the others; each settled order and document is out of the way
of the rest. So a document goes to one order, and an order gets one document. The sequence of the input changes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

# A document without a number is dated at most so many days before or after its order; none is dated earlier.
DAYS_APART: Final = 7
_DATE = re.compile(r"\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[-/.]\d\d?[-/.]\d{2,4}\b")
# A number that is a word of its own, and neither an amount nor a part of one.
_NUMBER = re.compile(r"(?<![^\W_])(?<!\d[.,])\d+(?![^\W_])(?![.,]\d)")


class Sign(StrEnum):
    """Why a document may be an order's. The amount of the first two and of the last two is the order's."""

    REFERENCE = "reference"  # it bears our own reference
    NUMBER = "number"  # it names the order's number
    OTHER_AMOUNT = "other_amount"  # it bears our reference or names the number, with another amount
    SHARED = "shared"  # it names the numbers of several orders
    SAME = "same"  # the customer and the day are the order's, and it names no order
    ALIKE = "alike"  # the customer is the order's, the day is near, and it names no order


NAMED: Final = (Sign.REFERENCE, Sign.NUMBER)


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order. `day` is its business date in the store's zone, `reference` the one that we would give its invoice.

    `customers` are marks of who the customer is, such as a name or an e-mail address; equal ones are one party's.
    """

    id: int
    reference: str
    total: Decimal
    currency: str
    day: date
    customers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """A sales invoice or entry in Exact. `amount` is with VAT, in `currency`; None when it is not known."""

    id: str
    your_ref: str
    description: str
    order_number: str
    amount: Decimal | None
    currency: str
    dated: date | None = None
    customers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that may be an order's, by id and with their signs. There is one when it is sure."""

    is_sure: bool = False
    documents: tuple[tuple[str, Sign], ...] = ()


def match(orders: Iterable[PlacedOrder], documents: Iterable[Typed]) -> dict[int, Match]:
    """Return the match of each order, by its id. Give every order that a document may mean.

    Without a number a match is sure only when customer, day and amount are the same, the order may have no other
    document, and the document may be no other order's.
    """
    open_orders = {order.id: order for order in orders}
    books = _Books(open_orders, documents)
    claims = {order.id: books.claims(order) for order in open_orders.values()}
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for sign in (*NAMED, Sign.SAME):
        against = frozenset({sign}) if sign in NAMED else frozenset(Sign)
        for order_id, document_id in _pairs(claims, against, found, taken):
            if claims[order_id][document_id] is sign:
                found[order_id] = Match(True, ((document_id, sign),))
                taken.add(document_id)
    for order_id, signs in claims.items():
        if order_id not in found:
            left = sorted((key, sign) for key, sign in signs.items() if key not in taken)
            found[order_id] = Match(False, tuple(left))
    return found


def numbers_in(*texts: str) -> frozenset[str]:
    """Return the numbers that are words in texts, without leading zeros. Dates and amounts are none."""
    return frozenset(word.lstrip("0") for text in texts for word in _NUMBER.findall(_DATE.sub(" ", text)))


def _pairs(
    claims: Mapping[int, Mapping[str, Sign]], wanted: Collection[Sign], found: Collection[int], taken: Collection[str]
) -> list[tuple[int, str]]:
    """Return the orders and documents that have one of these signs for each other and for no other."""
    of_order: dict[int, list[str]] = defaultdict(list)
    of_document: dict[str, list[int]] = defaultdict(list)
    for order_id, signs in claims.items():
        for document_id, each in signs.items():
            if each in wanted and order_id not in found and document_id not in taken:
                of_order[order_id].append(document_id)
                of_document[document_id].append(order_id)
    return [(key, named[0]) for key, named in of_order.items() if len(named) == len(of_document[named[0]]) == 1]


class _Books:
    """The documents, found by reference, by number and by amount."""

    def __init__(self, orders: Mapping[int, PlacedOrder], documents: Iterable[Typed]) -> None:
        known = {str(order_id) for order_id in orders}
        self._by_reference: dict[str, list[Typed]] = defaultdict(list)
        self._by_number: dict[str, list[Typed]] = defaultdict(list)
        self._by_amount: dict[tuple[Decimal | None, str], list[Typed]] = defaultdict(list)
        self._named: dict[str, frozenset[str]] = {}  # the orders that a document's texts name
        for document in documents:
            self._named[document.id] = numbers_in(document.your_ref, document.description) & known
            self._by_reference[_plain(document.your_ref)].append(document)
            for number in self._named[document.id] | numbers_in(document.order_number):
                self._by_number[number].append(document)
            if not self._named[document.id]:
                self._by_amount[document.amount, _plain(document.currency)].append(document)

    def claims(self, order: PlacedOrder) -> dict[str, Sign]:
        """Return the documents that may be the order's, each with its strongest sign."""
        found: dict[str, Sign] = {}
        for document, sign in (*self._alike(order), *self._numbered(order), *self._referenced(order)):
            found[document.id] = sign
        return found

    def _referenced(self, order: PlacedOrder) -> Iterator[tuple[Typed, Sign]]:
        for document in self._by_reference[_plain(order.reference)]:
            yield document, Sign.REFERENCE if _is_of_amount(document, order) else Sign.OTHER_AMOUNT

    def _numbered(self, order: PlacedOrder) -> Iterator[tuple[Typed, Sign]]:
        for document in self._by_number[str(order.id)]:
            named = self._named[document.id]
            if document.dated is not None and (order.day - document.dated).days > DAYS_APART:
                continue
            if _is_of_amount(document, order):
                yield document, Sign.SHARED if named - {str(order.id)} else Sign.NUMBER
            # Exact numbers its own orders: that number alone says nothing.
            elif str(order.id) in named or document.customers & order.customers:
                yield document, Sign.OTHER_AMOUNT

    def _alike(self, order: PlacedOrder) -> Iterator[tuple[Typed, Sign]]:
        for document in self._by_amount[order.total, _plain(order.currency)]:
            near = document.dated is not None and abs((order.day - document.dated).days) <= DAYS_APART
            if near and document.customers & order.customers:
                yield document, Sign.SAME if document.dated == order.day else Sign.ALIKE


def _is_of_amount(document: Typed, order: PlacedOrder) -> bool:
    return document.amount == order.total and _plain(document.currency) == _plain(order.currency)


def _plain(text: str) -> str:
    return text.strip().casefold()
