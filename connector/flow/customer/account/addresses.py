"""The addresses of a customer's account: those that are remembered, else those that Exact has, else a new one.

A remembered address costs no call. The list in Exact is read once, and only for an account that the connector did not
make: for one of its own it knows which it made.
"""

from dataclasses import dataclass, field

from connector.clients import errors
from connector.clients.exact import accounts
from connector.clients.exact.bodies import AddressIn
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.domain.choices import FieldGroup
from connector.domain.customer.details import line_key
from connector.domain.customer.likeness import Reason
from connector.domain.customer.names import same_name
from connector.domain.customer.written import Cut, WrittenAddress, written_address
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.domain.order.buyer import is_redacted
from connector.domain.order.model import Address
from connector.flow.customer.account import links
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.copies import directory, missing
from connector.flow.hold import refusal, texts
from connector.models import CustomerLink, Division
from connector.problems.catalogue import EXACT

INVOICE_MARK = "i"


@dataclass(slots=True)
class Book:
    """The addresses of a link's account in Exact, read when they are needed."""

    link: CustomerLink
    client: ExactClient
    _read: list[accounts.Address] | None = field(default=None, init=False)

    def find(self, place: WrittenAddress, types: frozenset[int], *, anybodys: bool = False) -> str:
        """Return the id of an address of one of the types at the same place; "" when there is none.

        It has the same recipient or none. One that may be `anybodys` has our second line. Raises the client's errors.
        """
        if self.link.matched_by == Reason.CREATED:
            return ""
        if self._read is None:
            self._read = accounts.addresses_of(self.client, self.link.account_id)
        mark = mark_of(place, self.link.division)
        at_place = [each for each in self._read if each.type in types and _is_at(each, mark, place)]
        if anybodys:
            fits = [each for each in at_place if is_same_flat(place.address_line2, each.address_line2)]
        else:
            fits = [each for each in at_place if not each.address_line3 or _is_for(each, place)]
        return next((each.id for each in sorted(fits, key=lambda each: not _is_for(each, place))), "")

    def make(self, place: WrittenAddress, type_: int, address: Address) -> str:
        """Create an address and return its id. Raises AccountGone, RefusedAddress, and the client's errors."""
        sent = AddressIn(
            account=self.link.account_id,
            type=type_,
            address_line1=place.address_line1,
            address_line2=place.address_line2,
            address_line3=place.address_line3,
            postcode=place.postcode,
            city=place.city,
            country=place.country,
        )
        try:
            return self.client.create_address(sent)
        except errors.OutcomeUnknown as error:
            # This may be repeated: for an identical address Exact returns the id of the first one.
            text = _("It is not clear whether Exact made the address. %(error)s")
            raise errors.unavailable_after(error, text) from None
        except errors.Rejected as error:
            if missing.is_named_by(error):
                missing.raise_if_gone(self.link.division, self.link.account_id, self.client)
            raise RefusedAddress(refusal(EXACT, error, texts(sent, address))) from None

    def remember(self, mark: str, address_id: str, place: WrittenAddress, cuts: tuple[Cut, ...]) -> None:
        """Keep the address under its mark, and in the history what of it was cut."""
        links.write(self.link, addresses={**self.link.addresses, mark: address_id})
        if cuts:
            self.note(Kind.TO_EXACT, place, tuple(cut.as_problem() for cut in cuts))

    def note(self, kind: str, place: WrittenAddress, problems: tuple[Problem, ...]) -> None:
        """Add an address to the history."""
        group, after = FieldGroup.ADDRESSES.value, values_of_place(place)
        events.note(self.link, kind, Origin.ORDER, group=group, after=after, problems=to_json(problems))


class RefusedAddress(Exception):
    """Exact refused an address. `details` are what a problem keeps of its answer."""

    def __init__(self, details: dict[str, object]) -> None:
        self.details = details
        super().__init__(str(details.get("text", "")))


def invoice_address(book: Book, billing: Address) -> None:
    """See that the account has the order's billing address: as its visiting address, else as an invoice address.

    One that Exact refuses is noted, and holds nothing. Raises AccountGone, and the client's errors.
    """
    mark = invoice_mark(billing)
    if mark in book.link.addresses or is_redacted(billing) or not (billing.street_1 and billing.city):
        return
    place, cuts = written_address(billing)
    link = book.link
    account = directory.account_at(link.division, link.account_id, mark_of(place, link.division))
    if account is not None and is_same_flat(place.address_line2, account.address_line2):
        book.remember(mark, "", place, ())
        return
    try:
        found = book.find(place, frozenset({accounts.VISIT, accounts.INVOICE}), anybodys=True)
        book.remember(mark, found or book.make(place, accounts.INVOICE, billing), place, () if found else cuts)
    except RefusedAddress as refused:
        book.note(Kind.REFUSED, place, (problem(Code.INVOICE_ADDRESS_REFUSED, **refused.details),))
        book.remember(mark, "", place, ())


def invoice_mark(billing: Address) -> str:
    """Return the mark of a billing address among those that a link remembers.

    One without a second line has the mark that earlier releases gave it, so it costs no call again.
    """
    second = line_key(billing.street_2)
    street = f"{billing.street_1}|{second}" if second else billing.street_1
    place = directory.address_fingerprint(street, billing.postcode, billing.city, billing.country)
    return f"{INVOICE_MARK}{place[:32]}"


def is_same_flat(typed: str, known: str) -> bool:
    """Whether an order's second line is that of an address at the same street. An order may leave it out."""
    second = line_key(typed)
    return not second or second == line_key(known)


def mark_of(place: WrittenAddress, division: Division) -> str:
    """Return the fingerprint of an address as Exact has it: without a country it is the division's."""
    country = place.country or division.country
    return directory.address_fingerprint(place.address_line1, place.postcode, place.city, country)


def values_of_place(place: WrittenAddress) -> dict[str, str]:
    """Return the values of an address by name, without what is empty."""
    named = {name: str(getattr(place, name)) for name in WrittenAddress.__slots__}
    return {name: value for name, value in named.items() if value}


def _is_at(row: accounts.Address, mark: str, place: WrittenAddress) -> bool:
    """Whether an address is at a place. Its second line may be empty, but is no other flat's."""
    second = {line_key(line) for line in (row.address_line2, place.address_line2)} - {""}
    is_there = directory.address_fingerprint(row.address_line1, row.postcode, row.city, row.country) == mark
    return is_there and len(second) < 2


def _is_for(row: accounts.Address, place: WrittenAddress) -> bool:
    """Whether an address has the recipient of ours."""
    return row.address_line3 == place.address_line3 or same_name(row.address_line3, place.address_line3)
