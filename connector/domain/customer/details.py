"""A customer's personal data on one side, in five groups, and whether two sides have the same.

The store has a first name, a last name and a company; an account in Exact has one name. What a side can hold decides
what it is given: `in_exact` and `in_store` write one side's values as the other side keeps them.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from connector.domain.choices import FieldGroup
from connector.domain.customer.phones import phone_key
from connector.domain.customer.postcodes import country_in_exact
from connector.domain.document import lengths
from connector.domain.document.lengths import cut
from connector.domain.order.texts import clean
from connector.domain.order.vat_number import normal_vat_number

Values = Mapping[str, str]

ADDRESS: Final = ("street_1", "street_2", "postcode", "city", "state", "country")
_DIGITS = 12  # of a hash: enough to tell a change, and no way back to the value
# Exact has a code for a state, and the store its name. So a state is shown and not compared.
_LINES = ("street_1", "street_2", "city")
_COMPARED = ("street_1", "street_2", "postcode", "city", "country")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d) +(?=\d)")
_SECOND_FORM = "2"  # of an address's fingerprint: in the first one, 12 3 and 123 were alike


@dataclass(frozen=True, slots=True)
class Details:
    """One side's values by group.

    names: the store's `first_name`, `last_name` and `company`, or Exact's `name`. contact: `email`, `phone`. addresses:
    `street_1`, `street_2`, `postcode`, `city`, `state`, `country` (ISO 3166-1 alpha-2). vat_number: `vat_number`.
    payment_condition: `payment_condition`, a code of Exact's.
    """

    names: Values = field(default_factory=dict)
    contact: Values = field(default_factory=dict)
    addresses: Values = field(default_factory=dict)
    vat_number: Values = field(default_factory=dict)
    payment_condition: Values = field(default_factory=dict)

    def of(self, group: FieldGroup) -> Values:
        """The values of a group."""
        values: Values = getattr(self, group.value)
        return values

    def with_group(self, group: FieldGroup, values: Values) -> "Details":
        """The same with other values of a group."""
        return replace(self, **{group.value: values})

    @property
    def country(self) -> str:
        """The country in which a phone number and a VAT number without a prefix are read."""
        return self.addresses.get("country", "")


def fingerprints(details: Details) -> dict[str, str]:
    """Return the fingerprint of each group."""
    return {group.value: fingerprint(group, details) for group in FieldGroup}


def fingerprint(group: FieldGroup, details: Details, like: str = "") -> str:
    """Return a text that is the same for every spelling of a group's values, on either side.

    It has one part for each value that changes alone, divided by full stops: the e-mail address and the phone number.
    A part is "" for an empty value. `like` is one that was kept, which this one is compared with: an address of an
    earlier release has another form, and is no change for that.
    """
    if group == FieldGroup.ADDRESSES:
        return _of_address(details.addresses, like)
    return ".".join(_hash(part) for part in _parts(group, details))


def line_key(text: str) -> str:
    """Return a line of an address without blanks, punctuation and capitals. Two numbers stay two: 12 3 is not 123."""
    spaced = "".join(each if each.isalnum() else " " for each in text.casefold())
    return _BETWEEN_NUMBERS.sub("-", spaced).replace(" ", "")


def name_of(names: Values) -> str:
    """Return the one name of a party: an account's, else the company's, else the person's."""
    person = f"{names.get('first_name', '')} {names.get('last_name', '')}"
    return (names.get("name") or names.get("company") or person).strip()


def in_exact(store: Details) -> Details:
    """Return the store's values as an account in Exact can hold them: on one line, cut where they are too long, and
    without a country that is none."""
    place = {name: clean(store.addresses.get(name, "")) for name in ADDRESS}
    longest = {name: lengths.LONGEST_LINE for name in ("street_1", "street_2", "city")}
    longest["postcode"] = lengths.LONGEST_POSTCODE
    return replace(
        store,
        names={"name": cut(clean(name_of(store.names)), lengths.LONGEST_NAME)},
        contact={
            "email": clean(store.contact.get("email", "")),
            "phone": cut(clean(store.contact.get("phone", "")), lengths.LONGEST_PHONE),
        },
        addresses=place
        | {"state": "", "country": country_in_exact(place["country"])}
        | {name: cut(place[name], most) for name, most in longest.items()},
        vat_number={"vat_number": normal_vat_number(store.vat_number.get("vat_number", ""), store.country)},
    )


def in_store(exact: Details, store: Details) -> Details | None:
    """Return Exact's values as the store's customer can hold them; None for a person's name of one word.

    A customer with a company gets the name as its company. A person's name is divided at its first blank.
    """
    names = _as_names(clean(name_of(exact.names)), store.names)
    return None if names is None else replace(exact, names=names)


def is_empty(values: Values) -> bool:
    """Whether a side has nothing in a group. A country alone is no address: Exact gives one to every account."""
    return not any(value.strip() for name, value in values.items() if name not in {"country", "state"})


def same(group: FieldGroup, store: Details, exact: Details) -> bool:
    """Whether Exact has what the store has, as far as it can hold it."""
    return fingerprint(group, with_country(in_exact(store), exact)) == fingerprint(group, exact)


def with_country(wanted: Details, before: Details) -> Details:
    """Return what a side gets. Where that has no country, the side keeps its own: no address is without one."""
    if wanted.country:
        return wanted
    return wanted.with_group(FieldGroup.ADDRESSES, {**wanted.addresses, "country": before.country})


def _as_names(name: str, before: Values) -> Values | None:
    if before.get("company"):
        return {**before, "company": name} if name else None
    first, _, rest = name.partition(" ")
    return {**before, "first_name": first, "last_name": rest} if first and rest else None


def _parts(group: FieldGroup, details: Details) -> tuple[str, ...]:
    values = details.of(group)
    match group:
        case FieldGroup.NAMES:
            return (clean(name_of(values)).casefold(),)
        case FieldGroup.CONTACT:
            return values.get("email", "").strip().casefold(), _phone(values.get("phone", ""), details.country)
        case FieldGroup.VAT_NUMBER:
            return (normal_vat_number(values.get("vat_number", ""), details.country),)
        case _:
            return (values.get("payment_condition", "").strip(),)


def _of_address(values: Values, like: str) -> str:
    if is_empty(values):
        return ""
    if len(like) == _DIGITS:  # of an earlier release
        return _hash("|".join(_plain(values.get(name, "")) for name in _COMPARED))
    lines = (line_key(values.get(name, "")) if name in _LINES else _plain(values.get(name, "")) for name in _COMPARED)
    return _hash("|".join(lines)) + _SECOND_FORM


def _phone(text: str, country: str) -> str:
    """A number that nobody can have is compared by its digits."""
    return phone_key(text, country) or "".join(filter(str.isdigit, text)) or text.strip()


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] if text else ""
