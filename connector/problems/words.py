"""Writes the parameters of a problem as phrases in a sentence."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.domain.document.result import Params
from connector.domain.order.fields import Expected
from connector.models.amounts import for_reader, written
from connector.problems import differences, odd_rows
from connector.problems.calls import kept_in_words
from connector.problems.written import PARTS

_KINDS: Final = {
    "product": gettext_lazy("product"),
    "shipping": gettext_lazy("shipping"),
    "handling": gettext_lazy("handling"),
    "wrapping": gettext_lazy("wrapping"),
    "fee": gettext_lazy("fee"),
    "gift_certificate": gettext_lazy("gift certificate"),
    "rounding": gettext_lazy("rounding"),
    "tax": gettext_lazy("tax"),
}

_LISTS: Final = {
    "item_group": gettext_lazy("item group"),
    "unit": gettext_lazy("unit"),
    "vat_code": gettext_lazy("VAT code"),
}

_EXPECTED: Final[Mapping[str, Promise]] = {
    Expected.AMOUNT: gettext_lazy("an amount"),
    Expected.QUANTITY: gettext_lazy("a quantity that fits the line's amount"),
    Expected.DATE: gettext_lazy("a date"),
    Expected.CURRENCY: gettext_lazy("a currency"),
    Expected.WHOLE_NUMBER: gettext_lazy("a whole number"),
    Expected.TEXT: gettext_lazy("a text"),
    Expected.OBJECT: gettext_lazy("an object"),
    Expected.OBJECTS: gettext_lazy("a list of objects"),
    Expected.NOT_NEGATIVE: gettext_lazy("an amount of zero or more"),
    Expected.KIND_OF_REFUND: gettext_lazy("a kind of refund that is known"),
}


def kind_of_line(kind: str) -> str:
    """Write a kind of line: `gift certificate`."""
    return str(_KINDS.get(kind, kind))


def _line(params: Params) -> str:
    """Write the line of an order: `product "Mug" to NL (line product:65)`, or without its kind."""
    line, name = params["line"], str(params["name"])
    if "kind" not in params:
        return _('"%(name)s" (line %(line)s)') % params
    words = {
        "kind": kind_of_line(str(params["kind"])),
        "name": name,
        "country": params["country"] or _("an unknown country"),
        "line": line,
    }
    if name.casefold() == params["kind"]:
        return _("%(kind)s to %(country)s (line %(line)s)") % words
    return _('%(kind)s "%(name)s" to %(country)s (line %(line)s)') % words


def _rule(params: Params) -> str:
    """Write the rule and its version: `VAT rule 1, version 3`."""
    if "rules" not in params:
        return str(params["rule"])
    vat_rule, rule = _("VAT rule %(rule)s, version %(version)s"), _("rule %(rule)s, version %(version)s")
    return (vat_rule if params["rules"] == "vat" else rule) % params


def _fitting(params: Params) -> str:
    """Write which codes of the division fit, and how many."""
    codes = str(params["fitting"])
    if not codes:
        return _("no code of the division fits")
    return _("%(number)s codes fit: %(codes)s") % {"number": codes.count(", ") + 1, "codes": codes}


def _right(params: Params) -> str:
    """Write which codes of the division are for the line."""
    codes = str(params["right"])
    if not codes:
        return _("no code of the division is for that")
    several, one = _("VAT codes %(codes)s are for that"), _("VAT code %(codes)s is for that")
    return (several if ", " in codes else one) % {"codes": codes}


def _blocked(params: Params) -> str:
    """Write the blocked codes that would fit."""
    codes = str(params["vat_codes"])
    several, one = _("%(codes)s would fit and are blocked in Exact"), _("%(codes)s would fit and is blocked in Exact")
    return (several if ", " in codes else one) % {"codes": codes}


def _wanted(params: Params) -> str:
    """Write the condition of the missing VAT rule. A rule for a country is not for an area of its own."""
    if params.get("area"):
        return _("country %(area)s (the address's area for VAT), rate %(rate)s") % params
    return _("country %(country)s, rate %(rate)s") % params if params["country"] else _("it")


def _proof(params: Params) -> str:
    """Write what is wrong with the VAT number of a sale without VAT."""
    match params["proof"]:
        case "not_abroad":
            return _("it does not go to one")
        case "own_country":
            return _("the VAT number %(vat_number)s is of the seller's own country") % params
        case "invalid":
            text = _('"%(vat_number)s" is not a valid EU VAT number (its form or its check digits are wrong)')
            return text % params
        case _none:
            return _("the order has no EU VAT number")


def _area(params: Params) -> str:
    """Write where a sale without VAT goes, or the country of the right code."""
    if "proof" not in params:
        return str(params["area"]) or _("its country")
    if params["area"] == "XI":
        return _("Northern Ireland, which belongs to the EU for goods")
    return _("another country of the EU")


def _refund(params: Params) -> str:
    """Write the refund and its order; or all that remains."""
    return _("Refund %(refund)s of order %(order)s") % params if params["refund"] else _("The amount to credit")


def _dimension(params: Params) -> str:
    return _("cost centre") if params["dimension"] == "cost_center" else _("cost unit")


def _expected(params: Params) -> str:
    """Write what a field of an order should be."""
    return str(_EXPECTED.get(str(params["expected"]), params["expected"]))


def _value(params: Params) -> str:
    """Write what a field of an order is."""
    return _('"%(value)s"') % params if params["value"] else _("empty")


def _detail(params: Params) -> str:
    """Write which field of a vendor's answer is not what it should be."""
    if "detail" in params:  # problems were kept as a sentence before they had the field's value
        return str(params["detail"])
    words = {**params, "expected": _expected(params)}
    if params["value"]:
        return _("%(field)s is '%(value)s', not %(expected)s.") % words
    return _("%(field)s is empty or missing; it must be %(expected)s.") % words


_STORE_LISTS: Final = {
    "customers": gettext_lazy("the customer"),
    "customer_groups": gettext_lazy("the customer groups"),
    "products": gettext_lazy("the products"),
    "categories": gettext_lazy("the categories"),
}


def _facts(params: Params) -> str:
    """Write what of the store cannot be read."""
    return str(_STORE_LISTS.get(str(params["facts"]), params["facts"]))


def _method(params: Params) -> str:
    return str(params["method"]) or _("no payment method")


_NOUNS: Final = {
    "invoice": gettext_lazy("invoice"),
    "sales entry": gettext_lazy("sales entry"),
    "credit note": gettext_lazy("credit note"),
    "credit entry": gettext_lazy("credit entry"),
    "receipt": gettext_lazy("receipt"),
}


def _noun(params: Params) -> str:
    """Write what a document is in Exact."""
    return str(_NOUNS.get(str(params["noun"]), params["noun"]))


def _number(params: Params) -> str:
    """Write a document in Exact within a sentence: `invoice 26700001`."""
    return f"{_noun(params)} {params['number']}"


_REMEDIES: Final = {
    "force_vat": gettext_lazy("send the shop's VAT (`force_vat`)"),
    "sales_entry": gettext_lazy("post sales entries (`document`)"),
    "sales_entry+force_vat": gettext_lazy("post sales entries with the shop's VAT (`document` and `force_vat`)"),
    "rounding": gettext_lazy("allow a rounding difference of %(limit)s (`rounding`)"),
}


# By the number of ways. " " goes before a sentence that stands behind another one.
_HELPS: Final[Mapping[int, Promise]] = {
    1: gettext_lazy(" To have it posted, %(first)s, then re-post."),
    2: gettext_lazy(" To have it posted, %(first)s, or %(second)s, then re-post."),
    3: gettext_lazy(" To have it posted, %(first)s, or %(second)s, or %(third)s, then re-post."),
}


def _helps(params: Params) -> str:
    """Write the sentence that says which settings would help; "" when none would."""
    named = [each.partition(" ") for each in str(params["helps"]).split(", ")]
    ways = [str(_REMEDIES[name]) % {"limit": limit} for name, _space, limit in named if name in _REMEDIES]
    return str(_HELPS[len(ways)]) % dict(zip(("first", "second", "third"), ways, strict=False)) if ways else ""


def _begins(text: str) -> str:
    return text[:1].upper() + text[1:]


# By their names in `domain/order/edits`.
_CHANGED: Final = {
    "currency": gettext_lazy("currency"),
    "total": gettext_lazy("total"),
    "tax": gettext_lazy("tax"),
    "quantity": gettext_lazy("quantity"),
    "net": gettext_lazy("net"),
    "gross": gettext_lazy("gross"),
    "country": gettext_lazy("country"),
    "VAT area": gettext_lazy("VAT area"),
}
_UNDONE: Final = {
    "cancelled": gettext_lazy("cancelled"),
    "declined": gettext_lazy("declined"),
    "refunded": gettext_lazy("refunded, and BigCommerce has no refund of it"),
    "partially refunded": gettext_lazy("partially refunded, and BigCommerce has no refund of it"),
}


_FOUND_BY: Final = {
    "link": gettext_lazy("SearchCode"),
    "search_code": gettext_lazy("SearchCode"),
    "vat_number": gettext_lazy("VAT number"),
    "email_and_name": gettext_lazy("e-mail address"),
    "name_and_postcode": gettext_lazy("name and postcode"),
    # What earlier releases kept.
    "SearchCode": gettext_lazy("SearchCode"),
    "VAT number": gettext_lazy("VAT number"),
    "e-mail address": gettext_lazy("e-mail address"),
}


def _changed(params: Params) -> str:
    """Write what changed in an order or a line: `total`."""
    return str(_CHANGED.get(str(params["changed"]), params["changed"]))


def _undone(params: Params) -> str:
    """Write how an order was undone after the sale: `cancelled`."""
    return str(_UNDONE.get(str(params["undone"]), params["undone"]))


def _by(params: Params) -> str:
    """Write which field an account was found by: `VAT number`."""
    return str(_FOUND_BY.get(str(params["by"]), params["by"]))


def _before(params: Params) -> str:
    return written(params["before"]) or _("empty")


def _after(params: Params) -> str:
    return written(params["after"]) or _("empty")


def _reference_found(params: Params) -> str:
    return str(params["found"]) or _("no reference")


def _differences(params: Params) -> str:
    """Write how a document in Exact differs from what was meant."""
    return differences.kept_in_words(str(params["differences"]))


def _corrections(params: Params) -> str:
    """Write from what to what the lines of a document in Exact are corrected."""
    return differences.kept_in_words(str(params["corrections"]))


def _rows(params: Params) -> str:
    """Write which rows of a vendor's list cannot be read."""
    return odd_rows.kept_in_words(str(params["rows"]))


def _part(params: Params) -> str:
    """Write which of a customer's values it is: `the phone number`."""
    return str(PARTS.get(str(params["part"]), params["part"]))


def _listed(params: Params) -> str:
    """Write of which list of the division a code is: `item group`."""
    return str(_LISTS.get(str(params["listed"]), params["listed"]))


# By the placeholder in the sentence.
_PHRASES: Final[Mapping[str, Callable[[Params], str]]] = {
    "line": _line,
    "rule": _rule,
    "fitting": _fitting,
    "right": _right,
    "vat_codes": _blocked,
    "proof": _proof,
    "area": _area,
    "refund": _refund,
    "dimension": _dimension,
    "expected": _expected,
    "value": _value,
    "facts": _facts,
    "method": _method,
    "noun": _noun,
    "changed": _changed,
    "before": _before,
    "after": _after,
    "undone": _undone,
    "by": _by,
    "found": _reference_found,
    "helps": _helps,
    "differences": _differences,
    "corrections": _corrections,
    "rows": _rows,
    "part": _part,
    "listed": _listed,
}


def _ended(text: str) -> str:
    """End a text that a vendor may have left open, because a sentence may follow it."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def in_words(params: Params) -> dict[str, object]:
    """Return the values of a sentence's placeholders: the parameters, some of them as phrases."""
    params = {"helps": "", **params}  # problems were kept before they had it
    if "error" in params:
        params = {**params, "error": _ended(kept_in_words(params))}
    phrases = {name: phrase(params) for name, phrase in _PHRASES.items() if name in params}
    if {"field", "expected"} <= params.keys() or "detail" in params:
        phrases["detail"] = _detail(params)
    if "fitting" in params and "rate" in params:
        phrases["wanted"] = _wanted(params)
        phrases["taxed_in"] = str(params.get("area") or params["country"])
    if "noun" in params and "number" in params:
        phrases["document"], phrases["Document"] = _number(params), _begins(_number(params))
    return {**for_reader(params), **phrases}
