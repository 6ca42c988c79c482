"""Who an order is for, as far as accounts in Exact are compared with it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from string import digits

from connector.domain.customer.names import name_key
from connector.domain.customer.phones import phone_key
from connector.domain.customer.postcodes import Place, country_key, place_of
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.buyer import is_redacted
from connector.domain.order.model import Address, Order
from connector.domain.order.vat_number import read_vat_number

# What shops and their tills write where a customer leaves no address, in the languages of the shops' own countries and
# of their neighbours.
PLACEHOLDER_EMAILS = (
    *("noemail@", "noemailaddress@", "nomail@", "noaddress@", "noreply@", "donotreply@", "notprovided@"),
    *("none@", "noone@", "nobody@", "na@", "null@", "invalid@", "fake@", "unknown@", "anonymous@"),
    *("guest@", "customer@", "walkin@", "walkincustomer@", "passerby@", "cash@", "cashcustomer@"),
    *("counter@", "pos@", "instore@", "dummy@", "xxx@"),
    *("geenemail@", "geenmail@", "geenemailadres@", "geenadres@", "geen@", "zonderemail@", "onbekend@", "anoniem@"),
    *("nvt@", "niemand@", "gast@", "klant@", "balieklant@", "winkelklant@", "particulier@", "passant@", "contant@"),
    *("kassa@", "balie@", "toonbank@"),
    *("keineemail@", "keinemail@", "ohneemail@", "keine@", "unbekannt@", "anonym@", "gastkunde@", "kunde@", "kasse@"),
    *("laufkunde@", "laufkundschaft@", "barverkauf@"),
    *("pasdemail@", "sansemail@", "aucun@", "inconnu@", "anonyme@", "invite@", "client@", "caisse@"),
    *("@noemail.com", "@nomail.com", "@noreply.com", "@none.com", "@geenemail.nl", "@geenmail.nl"),
)
# Enough to tell the companies of one customer apart, and short enough for a SearchCode.
_MARK_DIGITS = 6
_GUEST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer. `key` is the customer's id; for a guest "G" and 12 hex digits of a hash of the e-mail address.

    A guest whom nothing identifies has no key. `email` is in lower case, and "" when it is a `placeholder` or no
    address.
    `person`, `company` and `email` are "" when a marketplace took them away (`redacted`). `vat_number` is a valid EU
    VAT number or "". `country` is that of the billing address, `places` are the postcodes of the customer's addresses
    and `phone_keys` their numbers in E.164. `gone`: the store does not have the customer any more.
    """

    prefix: str
    key: str
    registered: bool
    person: str
    company: str
    email: str
    vat_number: str
    placeholder: str = ""
    redacted: bool = False
    country: str = ""
    places: frozenset[Place] = frozenset()
    phone_keys: frozenset[str] = frozenset()
    gone: bool = False

    @property
    def name(self) -> str:
        """The name of an account that is made for this customer."""
        return self.company or self.person or self.email

    @property
    def keys(self) -> tuple[str, ...]:
        """The customer's key, and a second one for a company that shares it with others.

        For guests the name counts too, because many people may order with one e-mail address.
        """
        apart = name_key(self.company) or self.vat_number or ("" if self.registered else name_key(self.person))
        return (self.key, f"{self.key}-{_hash(apart)[:_MARK_DIGITS]}") if apart else (self.key,)

    @property
    def guest_keys(self) -> tuple[str, ...]:
        """The keys that a registered customer had as a guest with the same e-mail address; none for a guest."""
        if not self.registered or not self.email:
            return ()
        return replace(self, registered=False, key=_guest_key(self.email)).keys

    def search_code(self, key: str) -> str:
        """Return the SearchCode of the account with this key."""
        return f"{self.prefix}-{key}"

    def made(self, search_code: str) -> bool:
        """Whether an account with this SearchCode was made by the connector for the store."""
        return search_code.upper().startswith(f"{self.prefix}-".upper())

    def why_nobody(self) -> Problem | None:
        """Return why the customer cannot be recognised; None when there is a key."""
        if self.key:
            return None
        if self.redacted:
            return problem(Code.BUYER_REDACTED)
        if self.placeholder:
            return problem(Code.GUEST_WITH_PLACEHOLDER, email=self.placeholder)
        return problem(Code.GUEST_WITHOUT_EMAIL)


def customer_of(order: Order, prefix: str, vat_number_fields: Iterable[str], placeholders: Iterable[str]) -> Customer:
    """Return who an order is for. `placeholders` are e-mail addresses that are nobody's, as `is_placeholder` reads."""
    vat_number = read_vat_number(order, tuple(vat_number_fields))
    return buyer(order.customer_id, order.billing, prefix, vat_number, placeholders)


def buyer(
    customer_id: str,
    billing: Address,
    prefix: str,
    vat_number: str,
    placeholders: Iterable[str],
    *,
    others: Iterable[Address] = (),
) -> Customer:
    """Return the customer with this id ("" for a guest) and billing address, and perhaps `others`.

    `billing.company` is "" when what was typed is none, as `company_name` reads. `vat_number` is valid or "".
    """
    written = billing.email.strip().lower()
    redacted, placeholder = is_redacted(billing), bool(written) and _is_nobodys(written, placeholders)
    email = "" if redacted or placeholder else written
    alone = email or vat_number
    addresses = () if redacted else (billing, *others)
    return Customer(
        prefix=prefix,
        key=customer_id or (alone and _guest_key(alone)),
        registered=bool(customer_id),
        person="" if redacted else f"{billing.first_name} {billing.last_name}".strip(),
        company="" if redacted else billing.company,
        email=email,
        vat_number=vat_number,
        placeholder=written if placeholder else "",
        redacted=redacted,
        country=country_key(billing.country),
        places=frozenset(place for each in addresses if (place := place_of(each.postcode, each.country)).postcode),
        phone_keys=frozenset(key for each in addresses if (key := phone_key(each.phone, country_key(each.country)))),
    )


def is_placeholder(email: str, placeholders: Iterable[str]) -> bool:
    """Whether an e-mail address is nobody's. A placeholder is an address, `name@` at any shop, or `@domain`.

    Dots, hyphens and underlines in the name do not count, nor does what follows a plus. A till may have a number:
    `kassa2@` is `kassa@`.
    """
    written = _plain(email)
    name, _, domain = written.partition("@")
    known = {written, f"{name}@", f"{name.rstrip(digits)}@", f"@{domain}"} - {"@"}
    return any(_plain(each) in known for each in placeholders)


def _is_nobodys(email: str, placeholders: Iterable[str]) -> bool:
    """Whether it is a placeholder, or what somebody wrote instead of an address: `n/a`, `Invalid Request`."""
    name, _, domain = email.partition("@")
    parts = [name, *domain.split(".")]
    is_address = len(parts) > 2 and all(parts) and "@" not in domain and not any(map(str.isspace, email))
    return not is_address or is_placeholder(email, placeholders)


def _plain(email: str) -> str:
    name, _, domain = email.strip().lower().partition("@")
    return f"{name.partition('+')[0].translate(_SEPARATORS)}@{domain}"


_SEPARATORS = str.maketrans("", "", "._-")


def _guest_key(alone: str) -> str:
    """The key of a guest whom an e-mail address, or else a VAT number, tells from others."""
    return f"G{_hash(alone)[:_GUEST_DIGITS]}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
