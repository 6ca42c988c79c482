"""A customer of the store as a row of our copy. What is too long is cut, and nothing is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from connector.clients.bigcommerce.customers import Customer, StoreAddress
from connector.models import Connection, Store, StoreCustomer

# The columns that the store's own data fill. What is compared to see whether a customer changed.
CONTENT = (
    *("email", "first_name", "last_name", "company", "phone", "group_id", "addresses"),
    *("vat_number", "vat_number_field", "chamber_of_commerce", "peppol_id"),
)
_ADDRESS = (
    *("id", "first_name", "last_name", "company", "street_1", "street_2"),
    *("postcode", "city", "state", "country", "phone"),
)
_LONGEST_IN_ADDRESS = 200
# An address book can be as long as its owner likes; matching and comparing need the first ones.
_MOST_ADDRESSES = 50


@dataclass(frozen=True, slots=True)
class FormFields:
    """The names of the form fields with a customer's numbers, as the store's connections have them, in lower case."""

    vat_number: tuple[str, ...] = ()
    chamber_of_commerce: tuple[str, ...] = ()
    peppol_id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was answered, in which field, and the address that has the field (None: the customer has it)."""

    text: str = ""
    name: str = ""
    address_id: int | None = None


def form_fields_of(store: Store) -> FormFields:
    """Return the names of all connections of the store, each once, those of the first connection first."""
    rows = Connection.objects.filter(store=store).order_by("pk")
    columns = zip(*rows.values_list("vat_number_fields", "chamber_fields", "peppol_fields"), strict=True)
    return FormFields(*(tuple(_names(lists)) for lists in columns))


def row_of(store: Store, customer: Customer, fields: FormFields) -> StoreCustomer:
    """Return a customer as our copy keeps it, not saved.

    A number is looked for in the customer's own form fields, then in those of the addresses. An address with the field
    of the VAT number has the key `vat_number_field`, so that a new number is written where the old one was.
    """
    vat_number = _find(customer, fields.vat_number)
    return StoreCustomer(
        store=store,
        customer_key=str(customer.id),
        email=customer.email[:254],
        first_name=customer.first_name[:200],
        last_name=customer.last_name[:200],
        company=customer.company[:200],
        phone=customer.phone[:60],
        group_id=customer.group_id,
        vat_number=vat_number.text[:60],
        vat_number_field=vat_number.name[:200],
        chamber_of_commerce=_find(customer, fields.chamber_of_commerce).text[:60],
        peppol_id=_find(customer, fields.peppol_id).text[:60],
        addresses=[_address(each, vat_number) for each in customer.addresses[:_MOST_ADDRESSES]],
        modified_at=customer.modified,
    )


def address_with_vat_number(customer: StoreCustomer) -> int | None:
    """Return the id of the address whose form field has the VAT number; None when the customer's own field has it."""
    return next((each["id"] for each in customer.addresses if each.get("vat_number_field")), None)


def _address(address: StoreAddress, vat_number: _Answer) -> dict[str, object]:
    row = {name: getattr(address, name) for name in _ADDRESS}
    cut = {name: value[:_LONGEST_IN_ADDRESS] if isinstance(value, str) else value for name, value in row.items()}
    return cut | ({"vat_number_field": vat_number.name[:200]} if address.id == vat_number.address_id else {})


def _find(customer: Customer, names: Iterable[str]) -> _Answer:
    """The first answer to one of these form fields that is not empty; else the first of them that is there at all."""
    own = [_Answer(text, name) for name, text in customer.form_fields]
    of_addresses = [_Answer(text, name, each.id) for each in customer.addresses for name, text in each.form_fields]
    wanted = list(names)
    there = [answer for answer in (*own, *of_addresses) if answer.name.strip().casefold() in wanted]
    return next((answer for answer in there if answer.text), there[0] if there else _Answer())


def _names(lists: Iterable[object]) -> Iterable[str]:
    every = (name for names in lists if isinstance(names, list) for name in names)
    return dict.fromkeys(name.strip().casefold() for name in every if isinstance(name, str))
