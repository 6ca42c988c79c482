"""The merchant's rules: a line, or an order, with certain properties gets certain codes.

A condition maps a property to its allowed values: a list means any of them, a missing key means all.
Values are compared trimmed and without case. A property that the order does not have satisfies no condition.
`undecided` finds a rule that depends on a property that was not read yet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any, Protocol, TypeVar

from connector.domain.money import shortest
from connector.domain.order.model import LineKind
from connector.domain.wording import BadSetting
from connector.domain.wording import marked as _

Condition = Mapping[str, tuple[str, ...]]
# A property is a text, or several texts of which any counts. "", () or absent: it has none. None: it was not read.
Facts = Mapping[str, str | tuple[str, ...] | None]

VAT_KEYS = frozenset({"country", "postcode_prefix", "rate", "b2b", "channel", "tax_class", "line", "digital"})
PAYMENT_KEYS = frozenset({"payment_method", "currency", "channel", "customer_group", "country", "b2b"})
MAPPING_KEYS = PAYMENT_KEYS | {
    "line",
    "digital",
    "state",
    "postcode_prefix",
    "sku",
    "category",
    "brand",
    "pickup_location",
}
ALL_KEYS = MAPPING_KEYS | VAT_KEYS


class BadRule(BadSetting):
    """A rule has no meaning; its words name the wrong key or value."""


def _text(key: str, value: object) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise BadRule(_("%(key)s cannot be %(value)s; it takes a text or a list of texts."), key=key, value=repr(value))
    return str(value).strip().casefold()


def _line(key: str, value: object) -> str:
    kind = _text(key, value)
    if kind not in set(LineKind):
        raise BadRule(
            _("%(key)s cannot be %(value)s; it is one of %(kinds)s."),
            key=key,
            value=repr(value),
            kinds=", ".join(LineKind),
        )
    return kind


_RATE_DECIMALS = 6  # `1e-999999` is a percentage too, of a megabyte
_OTHER_NAMES = {"el": "gr", "uk": "gb"}  # common codes that ISO 3166 does not have


def _country(key: str, value: object) -> str:
    country = _text(key, value)
    if len(country) != 2 or not country.isalpha():
        raise BadRule(
            _("%(key)s cannot be %(value)s; it takes two-letter country codes such as NL."), key=key, value=repr(value)
        )
    return _OTHER_NAMES.get(country, country)


def _rate(key: str, value: object) -> str:
    try:
        rate = Decimal(str(value).strip())
    except InvalidOperation:
        rate = Decimal(-1)
    if isinstance(value, bool) or rate.is_nan() or not 0 <= rate <= 100 or rate != round(rate, _RATE_DECIMALS):
        raise BadRule(_('%(key)s cannot be %(value)s; it is a percentage such as "21".'), key=key, value=repr(value))
    return shortest(rate)


def _flag(key: str, value: object) -> str:
    if not isinstance(value, bool) and value not in ("true", "false"):
        raise BadRule(_("%(key)s cannot be %(value)s; it is true or false."), key=key, value=repr(value))
    return str(value).casefold()


_READ: Mapping[str, Callable[[str, object], str]] = {
    "line": _line,
    "country": _country,
    "rate": _rate,
    "b2b": _flag,
    "digital": _flag,
}


def read_when(when: object, keys: frozenset[str] = ALL_KEYS) -> Condition:
    """Check a condition and return it in the form for comparing. That form can be read again.

    Raises BadRule when a key is not among `keys`, a list is empty, or a key cannot have a value.
    """
    if not isinstance(when, Mapping):
        raise BadRule(_("%(key)s cannot be %(value)s; it is an object."), key="when", value=repr(when))
    condition = {}
    for key, given in when.items():
        if key not in keys:
            raise BadRule(
                _("%(key)s is not something this rule can ask for; it knows %(keys)s."),
                key=repr(key),
                keys=", ".join(sorted(keys)),
            )
        values = given if isinstance(given, list | tuple) else [given]
        if not values:
            raise BadRule(_("%(key)s is an empty list; leave it out when any value will do."), key=key)
        condition[key] = tuple(_READ.get(key, _text)(key, value) for value in values)
    return condition


_COMPARE: Mapping[str, Callable[[str, str], bool]] = {"sku": fnmatchcase, "postcode_prefix": str.startswith}


def matches(condition: Condition, facts: Facts) -> bool:
    """Whether the facts satisfy every part of the condition. A fact that was not read satisfies none."""
    return all(_satisfies(key, facts.get(key), wanted) for key, wanted in condition.items())


def unread(condition: Condition, facts: Facts) -> frozenset[str]:
    """Return the keys that were not read, when the rest of the condition is satisfied; else nothing."""
    keys = frozenset(key for key in condition if key in facts and facts[key] is None)
    rest = {key: wanted for key, wanted in condition.items() if key not in keys}
    return keys if matches(rest, facts) else frozenset()


def _satisfies(key: str, fact: str | tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool:
    texts = (fact,) if isinstance(fact, str) else fact or ()
    known = [text.strip().casefold() for text in texts if text.strip()]
    compare = _COMPARE.get(key, str.__eq__)
    return any(compare(text, value) for text in known for value in wanted)


@dataclass(frozen=True, slots=True)
class MappingRule:
    """Where a line is booked. The codes are the division's; "" means that the rule does not choose one."""

    id: str
    priority: int
    when: Mapping[str, Any]
    gl_account: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    item: str = ""
    vat_code: str = ""
    warehouse: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", read_when(self.when, MAPPING_KEYS))


@dataclass(frozen=True, slots=True)
class TaxAsLine:
    """Where a tax that is no VAT of the division is booked, as a line of its own."""

    item: str
    gl_account: str


@dataclass(frozen=True, slots=True)
class VatRule:
    """Which VAT code a taxed line gets."""

    id: str
    when: Mapping[str, Any]
    code: str
    tax_as_line: TaxAsLine | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", read_when(self.when, VAT_KEYS))

    @property
    def rates(self) -> frozenset[Decimal]:
        """The rates in percent for which the rule is meant; empty when for all."""
        return frozenset(Decimal(rate) for rate in self.when.get("rate", ()))

    @property
    def without_rate(self) -> Condition:
        """The condition without its rate."""
        return {key: wanted for key, wanted in self.when.items() if key != "rate"}


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """Which payment condition an order gets."""

    id: str
    when: Mapping[str, Any]
    code: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", read_when(self.when, PAYMENT_KEYS))


class _Rule(Protocol):
    @property
    def when(self) -> Mapping[str, Any]: ...


_R = TypeVar("_R", bound=_Rule)


def first_match(rules: Iterable[_R], facts: Facts) -> _R | None:
    """Return the first rule whose condition the facts satisfy; None when there is none."""
    return next((rule for rule in rules if matches(rule.when, facts)), None)


def undecided(rules: Iterable[_R], facts: Facts) -> _R | None:
    """Return the rule that comes first but depends on facts that were not read; None when the match is certain."""
    reached = next((rule for rule in rules if matches(rule.when, facts) or unread(rule.when, facts)), None)
    return reached if reached and unread(reached.when, facts) else None


MOST_SKUS = 5000
"""The longest table of SKUs that a connection may have."""


def key_of_sku(sku: str) -> str:
    """Return a SKU as the table of SKUs compares it: trimmed and without case."""
    return sku.strip().casefold()


@dataclass(frozen=True, slots=True)
class RuleBook:
    """One version of a connection's rules. Mapping rules are sorted by priority, then in the given order.

    `sku_items` is the table of SKUs: item codes by `key_of_sku`.
    """

    version: int
    mapping: tuple[MappingRule, ...] = ()
    vat: tuple[VatRule, ...] = ()
    payment: tuple[PaymentRule, ...] = ()
    sku_items: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mapping", tuple(sorted(self.mapping, key=lambda rule: rule.priority)))
