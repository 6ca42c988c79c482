"""The form of the provision file: its keys, their values and their defaults.

`read_file` returns the file with every default filled in. The later steps rely on that form.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

from connector.clients.exact.oauth import REGIONS
from connector.domain.choices import POSTING_MODES, DocumentForm, Payments
from connector.domain.rules.rule_book import MAPPING_KEYS, PAYMENT_KEYS, VAT_KEYS, BadRule, read_when
from connector.flow.setup.provision.schema import (
    Check,
    Refused,
    choice,
    code,
    email,
    list_of,
    number,
    obj,
    secret,
    text,
    time_zone,
)
from connector.flow.setup.settings_table import SETTINGS
from connector.models.stores import WebhookAuth
from tenants.models import Role


def when(keys: frozenset[str]) -> Check:
    """Return the check of a rule's condition. It raises Refused."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(f"{path} must be an object.")
        try:
            read_when(value, keys)
        except BadRule as error:
            raise Refused(f"{path}: {error}") from None
        return value

    return check


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


def _settings() -> dict[str, Any]:
    """Return the keys of a connection's settings, each with its check and its default."""
    grouped: dict[str, dict[str, Any]] = defaultdict(dict)
    for setting in SETTINGS:
        group, name = setting.place
        grouped[group][name] = setting.check if setting.required else (setting.check, setting.default)
    own = grouped.pop("")
    payments = _or_word(obj(**grouped.pop("payments")))
    own["payments"] = (payments, partial(payments, "payments", Payments.OFF))
    return own | {group: (obj(**keys), partial(obj(**keys), group, {})) for group, keys in grouped.items()}


def _or_word(payments: Check) -> Check:
    """Return a check that takes an object with mode, journal and accounts, or the mode alone."""

    def check(path: str, value: Any) -> Any:
        return payments(path, {"mode": value} if isinstance(value, str) else value)

    return check


_CONNECTION = obj(
    store=text(),
    division=number,
    rules=(list_of(_RULE), list),
    vat=(list_of(_VAT_RULE), list),
    payment_conditions=(list_of(_PAYMENT_RULE), list),
    **_settings(),
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
                role=choice(*Role.values),
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
                webhook_auth=(choice(*WebhookAuth.values), WebhookAuth.EITHER),
                prefix=text(pattern=r"[A-Z0-9]{2,10}", what="2 to 10 of A-Z and 0-9"),
            )
        ),
        list,
    ),
    connections=(list_of(_CONNECTION), list),
)


def read_file(data: object) -> Mapping[str, Any]:
    """Return the file with its defaults. Raises Refused, which names what is unknown, missing, double or wrong."""
    file: dict[str, Any] = _FILE("", data)
    _once("exact", [grant["name"] for grant in file["exact"]])
    _once("exact.divisions", [(g["region"], code) for g in file["exact"] for code in g["divisions"]])
    _once("stores", [store["store_hash"] for store in file["stores"]])
    _once("stores.prefix", [store["prefix"] for store in file["stores"]])
    _once("connections", [(c["store"], c["division"]) for c in file["connections"]])
    _once("users", [user["email"].lower() for user in file["users"]])
    posting = [c["store"] for c in file["connections"] if c["mode"] in POSTING_MODES]
    _once("connections with mode approval or live", posting)
    for place, connection in enumerate(file["connections"]):
        prints = connection["finalize"] and connection["document"] == DocumentForm.SALES_INVOICE
        if prints and not connection["invoice_template"]:
            raise Refused(f"connections[{place}].invoice_template is missing: finalize prints the invoice with it.")
    return file


def _once(what: str, names: list[Any]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{what}: {name} is there more than once.")
