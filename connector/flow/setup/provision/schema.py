"""The form of the provision file: which keys there are, what they may hold, what is taken when left out.

`read_file` gives the file back with every default filled in; everything after it may rely on the form.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from connector.clients.exact.oauth import REGIONS
from connector.domain.rules.rule_book import MAPPING_KEYS, PAYMENT_KEYS, VAT_KEYS, BadRule, read_when
from connector.domain.timing.schedule import BadSchedule, Schedule
from connector.models.connections import default_post_statuses, default_vat_number_fields


class Refused(Exception):
    """The file cannot be taken; the message names every key, code or value at fault. Nothing was changed."""


Check = Callable[[str, Any], Any]
REQUIRED = object()


def obj(**keys: tuple[Check, Any] | Check) -> Check:
    """An object with these keys and no other. A key with a default may be left out; a default may be a function."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(f"{path or 'The file'} must be an object.")
        for key in value:
            if key not in keys:
                raise Refused(f"{path + '.' if path else ''}{key} is not a key of the provision file.")
        read = {}
        for key, spec in keys.items():
            inner, default = spec if isinstance(spec, tuple) else (spec, REQUIRED)
            here = f"{path}.{key}" if path else key
            # Programs that write such files put null where a person leaves a key out.
            if key in value and (value[key] is not None or default is REQUIRED):
                read[key] = inner(here, value[key])
            elif default is REQUIRED:
                raise Refused(f"{here} is missing.")
            else:
                read[key] = default() if callable(default) else default
        return read

    return check


def list_of(inner: Check) -> Check:
    """A list, each of whose members passes."""

    def check(path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Refused(f"{path} must be a list.")
        return [inner(f"{path}[{place}]", member) for place, member in enumerate(value)]

    return check


def text(*, pattern: str = r".*", most: int = 200, what: str = "a text") -> Check:
    """A text that fits a pattern from end to end."""

    def check(path: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or "\x00" in value or not re.fullmatch(pattern, value, re.S):
            raise Refused(f"{path} must be {what}" + ("." if isinstance(value, str) else ", in quotes."))
        return value

    return check


def choice(*values: str) -> Check:
    """One of a few words."""

    def check(path: str, value: Any) -> str:
        if value not in values or not isinstance(value, str):
            raise Refused(f"{path} cannot be {value!r}; it is one of {', '.join(values)}.")
        return value

    return check


def flag(path: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused(f"{path} must be true or false.")
    return value


def number(path: str, value: Any) -> int:
    """A positive whole number that fits into the database's column."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Refused(f"{path} must be a whole number.")
    return value


def day(path: str, value: Any) -> date:
    """A date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(f"{path} cannot be {value!r}; it is a day such as 2026-01-31.") from None


def amount(path: str, value: Any) -> Decimal:
    """An amount of at most 9999.99, as a decimal string."""
    try:
        read = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or not 0 <= read < 10_000 or read != round(read, 2):
        raise Refused(f'{path} cannot be {value!r}; it is an amount in quotes such as "0.05".')
    return read


def schedule(path: str, value: Any) -> str:
    """When a connection posts."""
    try:
        Schedule.parse(text(most=60)(path, value))
    except BadSchedule as error:
        raise Refused(f"{path}: {error}") from None
    return str(value)


def time_zone(path: str, value: Any) -> str:
    """A name of the IANA list."""
    if not isinstance(value, str) or value not in available_timezones():
        raise Refused(f"{path} cannot be {value!r}; it is a time zone such as Europe/Amsterdam.")
    return str(value)


def when(keys: frozenset[str]) -> Check:
    """A rule's condition."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(f"{path} must be an object.")
        try:
            read_when(value, keys)
        except BadRule as error:
            raise Refused(f"{path}: {error}") from None
        return value

    return check


code = text(most=60, what="one of Exact's codes")
email = text(pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", what="an e-mail address", most=254)
secret = text(most=4000)

_RULE = obj(
    priority=number,
    when=(when(MAPPING_KEYS), dict),
    then=obj(
        gl_account=(code, ""),
        cost_center=(code, ""),
        cost_unit=(code, ""),
        item=(code, ""),
        vat_code=(code, ""),
    ),
)
_VAT_RULE = obj(
    when=(when(VAT_KEYS), dict),
    code=code,
    tax_as_line=(obj(item=(code, ""), gl_account=code), None),
)
_PAYMENT_RULE = obj(when=(when(PAYMENT_KEYS), dict), code=code)
_STRATEGY = choice("match_or_create", "match", "collective")
_CUSTOMERS = obj(
    strategy=(_STRATEGY, "match_or_create"),
    guests=(_STRATEGY, "match_or_create"),
    direction=(choice("both", "to_exact", "to_store", "none"), "both"),
    collective_account=(code, ""),
)
_ITEMS = obj(
    strategy=(choice("sku_then_default", "sku", "default"), "sku_then_default"),
    default=(code, ""),
    shipping=(code, ""),
    handling=(code, ""),
    wrapping=(code, ""),
    fee=(code, ""),
    gift_certificate=(code, ""),
    rounding=(code, ""),
)
_ROUNDING = obj(limit=(amount, Decimal("0.00")), gl_account=(code, ""))
_PAYMENTS = obj(
    mode=choice("off", "receipts"),
    journal=(code, ""),
    receivable_account=(code, ""),
    gift_certificate_account=(code, ""),
    store_credit_account=(code, ""),
)


def payments(path: str, value: Any) -> dict[str, Any]:
    """A word, `off` or `receipts`, or an object with the journal and the accounts."""
    read: dict[str, Any] = _PAYMENTS(path, {"mode": value} if isinstance(value, str) else value)
    return read


_CONNECTION = obj(
    store=text(),
    division=number,
    mode=(choice("off", "shadow", "approval", "live"), "shadow"),
    schedule=(schedule, "immediate"),
    start_date=(day, None),
    document=(choice("sales_invoice", "sales_entry"), "sales_invoice"),
    finalize=(flag, False),
    invoice_template=(text(), ""),
    journal=code,
    post_statuses=(list_of(number), default_post_statuses),
    test_orders=(flag, False),
    customers=(_CUSTOMERS, lambda: _CUSTOMERS("customers", {})),
    items=(_ITEMS, lambda: _ITEMS("items", {})),
    rules=(list_of(_RULE), list),
    vat=(list_of(_VAT_RULE), list),
    payment_conditions=(list_of(_PAYMENT_RULE), list),
    rounding=(_ROUNDING, lambda: _ROUNDING("rounding", {})),
    refunds=(choice("credit", "review", "ignore"), "review"),
    edits=(choice("review", "credit_and_repost", "ignore"), "review"),
    cancellations=(choice("credit", "review", "ignore"), "review"),
    vat_number_fields=(list_of(text()), default_vat_number_fields),
    vat_rounding=(choice("line", "code"), "line"),
    force_vat=(flag, False),
    credit_sign=(choice("quantity", "price"), "quantity"),
    order_refund_vat=(choice("pro_rata", "hold"), "pro_rata"),
    invoice_date=(choice("order", "post"), "order"),
    closed_period=(choice("hold", "first_open"), "hold"),
    gift_certificates=(choice("multi", "single"), "multi"),
    payments=(payments, lambda: payments("payments", "off")),
)
_FILE = obj(
    tenant=obj(
        slug=text(pattern=r"[-a-zA-Z0-9_]{1,50}", what="1 to 50 letters, digits, - and _"),
        name=text(pattern=r".*\S.*", what="a name"),
        timezone=(time_zone, "Europe/Amsterdam"),
        alert_emails=(list_of(email), list),
    ),
    users=(
        list_of(
            obj(
                email=email,
                password=(secret, None),
                role=choice("owner", "accountant", "operator", "viewer"),
            )
        ),
        list,
    ),
    exact=(
        list_of(
            obj(
                name=text(pattern=r".*\S.*", what="a name"),
                region=choice(*REGIONS),
                client_id=text(),
                client_secret=secret,
                refresh_token=(secret, ""),
                webhook_secret=(secret, ""),
                divisions=list_of(number),
            )
        ),
        list,
    ),
    stores=(
        list_of(
            obj(
                name=text(pattern=r".*\S.*", what="a name"),
                store_hash=text(pattern=r"[a-z0-9]{4,20}", what="4 to 20 of a-z and 0-9"),
                client_id=text(),
                client_secret=secret,
                access_token=secret,
                webhook_auth=(choice("either", "signature", "secret"), "either"),
                prefix=text(pattern=r"[A-Z0-9]{2,10}", what="2 to 10 of A-Z and 0-9"),
            )
        ),
        list,
    ),
    connections=(list_of(_CONNECTION), list),
)


def read_file(data: object) -> Mapping[str, Any]:
    """Return the file with its defaults. Raises Refused, naming what is unknown, missing, double or of no sense."""
    file: dict[str, Any] = _FILE("", data)
    _once("exact", [grant["name"] for grant in file["exact"]])
    _once("exact.divisions", [(g["region"], code) for g in file["exact"] for code in g["divisions"]])
    _once("stores", [store["store_hash"] for store in file["stores"]])
    _once("stores.prefix", [store["prefix"] for store in file["stores"]])
    _once("connections", [(c["store"], c["division"]) for c in file["connections"]])
    _once("users", [user["email"].lower() for user in file["users"]])
    posting = [c["store"] for c in file["connections"] if c["mode"] in {"approval", "live"}]
    _once("connections with mode approval or live", posting)
    for place, connection in enumerate(file["connections"]):
        prints = connection["finalize"] and connection["document"] == "sales_invoice"
        if prints and not connection["invoice_template"]:
            raise Refused(f"connections[{place}].invoice_template is missing: finalize prints the invoice with it.")
    return file


def _once(what: str, names: list[Any]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{what}: {name} is there more than once.")
