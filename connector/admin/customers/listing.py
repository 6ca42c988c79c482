"""Which customers the list shows: by state, store and search, page by page.

A customer who has no link, and a link whose customer was not read from the store, are in no common table. So the list
is one query after another: the store's customers, then the links without one. Each is cut by the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from connector.admin.customers.pairs import Pair, State, Visible
from connector.admin.customers.sides import COMPARED
from connector.models import CustomerConflict, CustomerEvent, CustomerLink, CustomerMatch, StoreCustomer
from tenants.scoped_admin import CappedPaginator

PER_PAGE: Final = 50
CAP: Final = 1000
"""A larger number of a state is shown as "1000+"."""
SHORTEST_PREFIX: Final = 2
LONGEST_TERM: Final = 200
Source = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked the list for. `state` None is every customer; `store` None is every store."""

    state: State | None
    store: int | None
    term: str
    page: int

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """Read an address. What cannot be read is as if it were not there."""
        state, store, page = given.get("state", ""), given.get("store", ""), given.get("p", "")
        return cls(
            State(state) if state in list(State) else None,
            int(store) if _is_number(store) else None,
            given.get("q", "").replace("\x00", "").strip()[:LONGEST_TERM],
            max(int(page), 1) if _is_number(page) else 1,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list. `total` counts at most 10,000 of a source."""

    pairs: Sequence[Pair]
    page: int
    pages: int
    total: int


def listed(visible: Visible, asked: Asked) -> Listed:
    """Return a page of what the person may see."""
    sources = [_search(_of_store(rows, asked.store), asked.term) for rows in _sources(visible, asked.state)]
    counts = [rows.order_by()[: CappedPaginator.CAP].count() for rows in sources]
    pages = max(1, -(-sum(counts) // PER_PAGE))
    page = min(asked.page, pages)
    first, pairs = (page - 1) * PER_PAGE, list[Pair]()
    for rows, count in zip(sources, counts, strict=True):
        begin, end = max(first, 0), min(first + PER_PAGE, count)
        if begin < end:
            pairs += _read(visible, rows.order_by("-pk")[begin:end])
        first -= count
    return Listed(pairs, page, pages, sum(counts))


def number_of(visible: Visible, state: State, store: int | None) -> str:
    """Return how many customers are in a state, for a person: a larger number than the cap is `1000+`."""
    sources = [_of_store(rows, store) for rows in _sources(visible, state)]
    number = sum(rows.order_by()[: CAP + 1].count() for rows in sources)
    return f"{CAP}+" if number > CAP else str(number)


def _of_store(rows: Source, store: int | None) -> Source:
    return rows if store is None else rows.filter(store=store)


def _sources(visible: Visible, state: State | None) -> list[Source]:
    customers, links = visible.customers, visible.links
    forgotten = Exists(
        CustomerEvent.objects.filter(
            store=OuterRef("store"), customer_key=OuterRef("customer_key"), kind=CustomerEvent.Kind.FORGOTTEN
        )
    )
    nobody = ~Exists(StoreCustomer.objects.filter(store=OuterRef("store"), customer_key=OuterRef("customer_key")))
    if state is None or state == State.FORGOTTEN:
        both = customers, links.filter(nobody)
        return [rows.filter(forgotten) if state else rows for rows in both]
    own = CustomerLink.objects.filter(store=OuterRef("store"), customer_key=OuterRef("customer_key"))
    ambiguous = CustomerMatch.objects.filter(customer=OuterRef("pk"), outcome=CustomerMatch.Outcome.AMBIGUOUS)
    unlinked = customers.filter(~forgotten, ~Exists(own.exclude(account_id="")))
    conflict = Exists(CustomerConflict.objects.filter(link=OuterRef("pk"), decided_at=None))
    linked = links.filter(~forgotten).exclude(account_id="")
    chosen: dict[State, list[Source]] = {
        State.CONFLICT: [linked.filter(conflict)],
        State.AMBIGUOUS: [unlinked.filter(Exists(ambiguous.filter(choice="")))],
        State.UNLINKED: [
            unlinked.filter(~Exists(ambiguous.filter(choice=""))),
            links.filter(~forgotten, nobody, account_id=""),
        ],
        State.DIFFERS: [linked.filter(~conflict, _differ())],
        State.IN_STEP: [linked.filter(~conflict, ~_differ())],
    }
    return chosen[state]


def _differ() -> Q:
    """The links whose sides differed when they were last compared, as the fingerprints of both say."""
    found = Q()
    for group in COMPARED:
        store, exact = (KeyTextTransform(group.value, base) for base in ("store_base", "exact_base"))
        nothing = Value("", TextField())
        found |= ~Q(Exact(Coalesce(store, exact, nothing), Coalesce(exact, store, nothing)))
    return found


def _search(rows: Source, term: str) -> Source:
    """Keep those with that id, e-mail address or account code, and those whose name begins so."""
    if not term:
        return rows
    if rows.model is CustomerLink:
        exact = Q(customer_key=term) | Q(account_code=term) | Q(search_code=term.upper())
        return rows.filter(exact | _begins(term, "name", "account_name"))
    with_code = CustomerLink.objects.filter(
        store=OuterRef("store"), customer_key=OuterRef("customer_key"), account_code=term
    )
    found = Q(customer_key=term) | Q(email__in={term, term.lower()}) | Q(Exists(with_code))
    found |= _begins(term, "company", "first_name", "last_name")
    first, _blank, last = term.partition(" ")
    if last:
        found |= Q(first_name__iexact=first, last_name__istartswith=last.strip())
    return rows.filter(found)


def _begins(term: str, *columns: str) -> Q:
    if len(term) < SHORTEST_PREFIX:
        return Q()
    return Q(*((f"{column}__istartswith", term) for column in columns), _connector=Q.OR)


def _read(visible: Visible, rows: Source) -> list[Pair]:
    found = list(rows)
    return visible.pairs_of_links(found) if rows.model is CustomerLink else visible.pairs_of_customers(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9
