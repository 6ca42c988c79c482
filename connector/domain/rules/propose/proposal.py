"""One proposed value, with its reason and what else it could be; and how a code is picked among candidates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self


class Confidence(StrEnum):
    """How sure a proposal is. A person should look at `choose`."""

    CERTAIN = "certain"
    LIKELY = "likely"
    CHOOSE = "choose"


class Why(StrEnum):
    """The reasons. `connector.problems.proposals` has their sentences, which the parameters complete."""

    ONLY_ONE = "only_one"
    NAME = "name"
    USED = "used"
    FIRST = "first"
    NONE = "none"
    FITS_SKUS = "fits_skus"
    ITEMS_FIT = "items_fit"
    NO_ITEM_FITS = "no_item_fits"
    AS_DEFAULT = "as_default"
    PRINTED_TO_BOOK = "printed_to_book"
    REVENUE_OF_ITEM = "revenue_of_item"
    ONLY_VAT_CODE = "only_vat_code"
    USED_VAT_CODE = "used_vat_code"
    NAMED_VAT_CODE = "named_vat_code"
    FIRST_VAT_CODE = "first_vat_code"
    HOME_VAT_ABROAD = "home_vat_abroad"
    SALES_LIST = "sales_list"
    NO_VAT_OF_DIVISION = "no_vat_of_division"
    NO_SUPPLY = "no_supply"
    CONDITION_BY_NAME = "condition_by_name"
    PAID_AT_ONCE = "paid_at_once"
    FEWEST_DAYS = "fewest_days"
    PAID_LATER = "paid_later"
    VAT_NUMBER_FIELDS = "vat_number_fields"
    USUAL = "usual"
    ROUNDING_HELPS = "rounding_helps"
    ROUNDING_NOT_NEEDED = "rounding_not_needed"
    FORCING_HELPS = "forcing_helps"
    FORCING_NOT_NEEDED = "forcing_not_needed"
    ROUNDED_BY_LINE = "rounded_by_line"
    ROUNDED_BY_CODE = "rounded_by_code"
    ROUNDING_UNKNOWN = "rounding_unknown"
    BEGINS_IN_SHADOW = "begins_in_shadow"
    BEGINS_TODAY = "begins_today"


Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is proposed."""

    why: Why
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that could be proposed. `used` counts lines of the latest invoices; `named`: its name says it is meant."""

    code: str
    name: str = ""
    used: int = 0
    named: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed value. `key` is its path in a connection of the provision file: `journal`, `items.default`, `vat.3`.

    `alternatives` are other codes that could stand there.
    """

    key: str
    value: Any
    reason: Reason
    confidence: Confidence
    alternatives: tuple[Candidate, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Write the proposal as JSON, so that it can be kept and read in any language."""
        return {
            "key": self.key,
            "value": self.value,
            "why": self.reason.why.value,
            "params": dict(self.reason.params),
            "confidence": self.confidence.value,
            "alternatives": [{"code": each.code, "name": each.name} for each in self.alternatives],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        others = tuple(Candidate(each["code"], each["name"]) for each in row["alternatives"])
        reason = Reason(Why(row["why"]), row["params"])
        return cls(row["key"], row["value"], reason, Confidence(row["confidence"]), others)


@dataclass(frozen=True, slots=True)
class Pick:
    """The code that was picked among candidates, and the others."""

    code: str
    reason: Reason
    confidence: Confidence
    others: tuple[Candidate, ...] = ()

    def beside(self, candidates: Iterable[Candidate]) -> "Pick":
        """Return the pick with further alternatives, after its own."""
        known = {self.code, *(each.code for each in self.others)}
        more = {each.code: each for each in candidates if each.code not in known}
        return replace(self, others=(*self.others, *more.values())[:_MOST_SHOWN])

    def as_proposal(self, key: str, value: Any = None) -> Proposal:
        """Return the proposal with this code, or with a `value` that contains it."""
        return Proposal(key, self.code if value is None else value, self.reason, self.confidence, self.others)


# A code counts as the usual one with so many lines, when most of all the lines have it.
_LEAST_USES = 3
_MOST_SHOWN = 12


def pick(candidates: Iterable[Candidate], *, what: str, name_first: bool = False, by_name: bool = False) -> Pick | None:
    """Return the best candidate; None without one. `what` names the kind of code.

    The latest invoices say more than a name does, except with `name_first`. `by_name`: all of them were found by their
    names, so the only one is not the only one of the division.
    """
    found = list(candidates)
    if not found:
        return None
    best, reason, confidence = _best(found, name_first)
    if by_name and reason is Why.ONLY_ONE:
        reason, confidence = Why.NAME, Confidence.LIKELY
    params: Params = {"code": best.code, "name": best.name, "count": len(found), "kind": what}
    if reason is Why.USED:
        params = {**params, "count": best.used, "of": sum(each.used for each in found)}
    others = tuple(sorted((each for each in found if each is not best), key=_strength, reverse=True))
    return Pick(best.code, Reason(reason, params), confidence, others[:_MOST_SHOWN])


def _best(found: list[Candidate], name_first: bool) -> tuple[Candidate, Why, Confidence]:
    if len(found) == 1:
        return found[0], Why.ONLY_ONE, Confidence.CERTAIN
    named = [each for each in found if each.named]
    by_name = (named[0], Why.NAME, Confidence.LIKELY) if len(named) == 1 else None
    by_use = _usual(found)
    ways = (by_name, by_use) if name_first else (by_use, by_name)
    if chosen := next(filter(None, ways), None):
        return chosen
    return (named or found)[0], Why.FIRST, Confidence.CHOOSE


def _usual(found: list[Candidate]) -> tuple[Candidate, Why, Confidence] | None:
    most = max(found, key=lambda each: each.used)
    total = sum(each.used for each in found)
    if most.used < _LEAST_USES or most.used * 3 < total * 2:
        return None
    sure = most.used >= 10 and most.used * 10 >= total * 9
    return most, Why.USED, Confidence.CERTAIN if sure else Confidence.LIKELY


def _strength(candidate: Candidate) -> tuple[bool, int]:
    return candidate.named, candidate.used
