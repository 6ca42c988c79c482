"""What is written to Exact of a buyer: an account, its contact person, and addresses, each as Exact takes it.

Nothing is refused for its length or its characters. What was shortened or left out is a `Cut`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from connector.domain.choices import FieldGroup
from connector.domain.customer.account_rules import Facts, given_by, is_id
from connector.domain.customer.customer import Customer
from connector.domain.customer.details import Details, in_exact, name_of
from connector.domain.customer.postcodes import country_in_exact
from connector.domain.customer.registers import chamber_number, peppol_id
from connector.domain.document import lengths
from connector.domain.document.codes import Code
from connector.domain.document.lengths import cut, length
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Address
from connector.domain.order.texts import clean
from connector.domain.order.vat_area import iso_country

# The languages of Exact's own pages. Its reference says only "Language code": that it takes others, and that it takes
# two letters, is assumed. One that Exact does not know would have the whole account refused, so others are left out.
LANGUAGES: Final = frozenset({"DE", "EN", "ES", "FR", "NL"})
_TEXTS: Final = (FieldGroup.NAMES, FieldGroup.CONTACT, FieldGroup.ADDRESSES)  # what may be shortened
_OF_ADDRESS: Final[Mapping[str, str]] = {"street_1": "address_line1", "street_2": "address_line2"}


@dataclass(frozen=True, slots=True)
class Cut:
    """A value that is not written as it was. `now` is "" when none of it is written."""

    field: str
    was: str
    now: str

    def as_problem(self) -> Problem:
        """Return it as the customer's history keeps it."""
        code = Code.VALUE_SHORTENED if self.now else Code.VALUE_LEFT_OUT
        return problem(code, part=self.field, was=self.was, **({"now": self.now} if self.now else {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who an account is for. `address` is where the buyer lives or has the office, with the phone number.

    `language` is a locale such as `nl` or `nl-NL`. `vat_number`, `chamber_of_commerce` and `peppol_id` are as the
    buyer wrote them. `groups` are the id and the name of the customer's group, as far as they are known.
    """

    customer: Customer
    address: Address
    language: str = ""
    vat_number: str = ""
    chamber_of_commerce: str = ""
    peppol_id: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAddress:
    """An address as Exact takes it. `country` is ISO 3166-1 alpha-2; "" is the division's own for Exact."""

    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAccount:
    """The values of a new account. Codes are the division's; `classification` is an id in Exact."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = ""
    vat_number: str = ""
    chamber_of_commerce: str = ""
    peppol_id: str = ""
    payment_condition: str = ""
    vat_code: str = ""
    classification: str = ""
    address: WrittenAddress = field(default_factory=WrittenAddress)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenContact:
    """The contact person of a company's account."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """All that is written of a buyer. `contact` is None for a person, and for a company without a person's name."""

    account: WrittenAccount
    contact: WrittenContact | None
    cuts: tuple[Cut, ...]


class _Fit:
    """Makes values fit, and notes what was shortened or left out."""

    def __init__(self) -> None:
        self.cuts: list[Cut] = []

    def text(self, name: str, value: str, longest: int) -> str:
        """Return as much as fits, on one line and without what nobody sees."""
        return self.kept(name, value, cut(clean(value), longest))

    def whole(self, name: str, value: str, longest: int) -> str:
        """Return a value of which a part would be wrong: all of it, or nothing."""
        plain = clean(value)
        return self.kept(name, value, plain if length(plain) <= longest else "")

    def kept(self, name: str, was: str, now: str) -> str:
        """Return `now`. It is noted when the two differ in more than blanks."""
        if was.split() != now.split():
            self.cuts.append(Cut(name, was, now))
        return now

    def number(self, name: str, was: str, now: str) -> str:
        """Return a checked number. Only one that is not written is noted: its separators do not count."""
        return now if now or not was.strip() else self.kept(name, was, now)


def written(buyer: Buyer, rules: Iterable[Mapping[str, Any]] = ()) -> Written:
    """Return what Exact gets of a buyer. `rules` are the connection's account rules, in the provision file's form."""
    fit, customer = _Fit(), buyer.customer
    contact = _contact(fit, buyer) if clean(customer.company) else None
    account = WrittenAccount(
        name=fit.text("name", customer.name, lengths.LONGEST_NAME) or cut(customer.email, lengths.LONGEST_NAME),
        email=fit.whole("email", customer.email, lengths.LONGEST_EMAIL),
        phone=fit.text("phone", buyer.address.phone, lengths.LONGEST_PHONE),
        language=_language(fit, buyer.language),
        vat_number=fit.number("vat_number", buyer.vat_number, customer.vat_number),
        chamber_of_commerce=fit.number(
            "chamber_of_commerce",
            buyer.chamber_of_commerce,
            chamber_number(buyer.chamber_of_commerce, iso_country(buyer.address.country)),
        ),
        peppol_id=fit.number("peppol_id", buyer.peppol_id, peppol_id(buyer.peppol_id)),
        address=_address(fit, buyer.address),
    )
    account = _by_rule(fit, account, buyer, rules)
    return Written(account, contact, tuple(dict.fromkeys(fit.cuts)))


def written_address(address: Address, recipient: str = "") -> tuple[WrittenAddress, tuple[Cut, ...]]:
    """Return an address as Exact takes it, with what was shortened or left out. `recipient` is its third line."""
    fit = _Fit()
    place = replace(_address(fit, address), address_line3=fit.text("address_line3", recipient, lengths.LONGEST_LINE))
    return place, tuple(fit.cuts)


def cuts_of_change(values: Mapping[str, str], store: Details) -> tuple[Cut, ...]:
    """Return what of a change is written otherwise than the store has it. `values` are what the account gets."""
    fitting = {name: value for group in _TEXTS for name, value in in_exact(store).of(group).items()}
    was = {"name": name_of(store.names), **store.contact, **store.addresses}
    fit = _Fit()
    for name, value in values.items():
        now = fitting["country"] and value if name == "country" else value  # without one the account keeps its own
        if name != "state" and now == fitting.get(name):
            fit.kept(_OF_ADDRESS.get(name, name), was.get(name, ""), now)
    return tuple(fit.cuts)


def values_of(account: WrittenAccount, contact: WrittenContact | None) -> dict[str, str]:
    """Return what was written by name, without what is empty."""
    named = {each.name: getattr(account, each.name) for each in fields(account) if each.name != "address"}
    named |= {each.name: getattr(account.address, each.name) for each in fields(account.address)}
    if contact:
        named["contact_person"] = f"{contact.first_name} {contact.last_name}"
    return {name: value for name, value in named.items() if value}


def _by_rule(fit: _Fit, account: WrittenAccount, buyer: Buyer, rules: Iterable[Mapping[str, Any]]) -> WrittenAccount:
    facts = Facts(account.address.country, bool(account.vat_number), buyer.groups)
    given = given_by(rules, facts)
    classification = given.classification if is_id(given.classification) else ""
    return replace(
        account,
        payment_condition=given.payment_condition,
        vat_code=given.vat_code,
        classification=fit.number("classification", given.classification, classification),
    )


def _contact(fit: _Fit, buyer: Buyer) -> WrittenContact | None:
    """Return the person of a company. Exact wants both names, so one with a single word is none."""
    first, *others = clean(f"{buyer.address.first_name} {buyer.address.last_name}").split() or [""]
    if not others:
        return None
    names = clean(buyer.address.first_name), clean(buyer.address.last_name)
    first_name, last_name = names if all(names) else (first, " ".join(others))
    return WrittenContact(
        first_name=fit.text("first_name", first_name, lengths.LONGEST_NAME),
        last_name=fit.text("last_name", last_name, lengths.LONGEST_NAME),
        email=fit.whole("email", buyer.customer.email, lengths.LONGEST_EMAIL),
        phone=fit.text("phone", buyer.address.phone, lengths.LONGEST_PHONE),
        language=_language(fit, buyer.language),
    )


def _language(fit: _Fit, locale: str) -> str:
    """Return Exact's code of a language: two capitals."""
    code = locale.strip().replace("_", "-").partition("-")[0].upper()
    return fit.number("language", locale, code if code in LANGUAGES else "")


def _address(fit: _Fit, address: Address) -> WrittenAddress:
    return WrittenAddress(
        address_line1=fit.text("address_line1", address.street_1, lengths.LONGEST_LINE),
        address_line2=fit.text("address_line2", address.street_2, lengths.LONGEST_LINE),
        postcode=fit.text("postcode", address.postcode, lengths.LONGEST_POSTCODE),
        city=fit.text("city", address.city, lengths.LONGEST_LINE),
        country=fit.number("country", address.country, country_in_exact(address.country)),
    )
