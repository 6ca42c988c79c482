"""The form of the provision file: its keys, their values and their defaults.

`read_file` returns the file with every default filled in. The later steps rely on that form.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.exact.oauth import REGIONS
from connector.domain.choices import POSTING_MODES, DocumentForm, Payments, WebhookAuth
from connector.domain.rules.rule_book import (
    MAPPING_KEYS,
    MOST_SKUS,
    PAYMENT_KEYS,
    VAT_KEYS,
    BadRule,
    key_of_sku,
    read_when,
)
from connector.flow.setup.provision.schema import (
    Check,
    Refused,
    choice,
    code,
    days_kept,
    email,
    hour,
    list_of,
    name,
    number,
    obj,
    secret,
    text,
    time_zone,
)
from connector.flow.setup.settings_table import SETTINGS
from connector.problems.wording import translated
from tenants.models import TENANT_SETTINGS, Role, Tenant, languages

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def when(keys: frozenset[str]) -> Check:
    """Return the check of a rule's condition. It raises Refused."""

    def check(path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused(_("%(path)s must be an object.") % {"path": path})
        try:
            read_when(value, keys)
        except BadRule as error:
            raise Refused(f"{path}: {translated(error)}") from None
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
        warehouse=(code, ""),
    ),
)
_VAT_RULE = obj(
    when=(when(VAT_KEYS), dict),
    code=code,
    tax_as_line=(obj(item=(code, ""), gl_account=code), None),
)
_SKU_ITEM = obj(sku=text(pattern=r".*\S.*"), item=text(pattern=r".*\S.*", most=60))


def _sku_items(path: str, value: Any) -> list[Any]:
    """The table of SKUs. Raises Refused, also for a SKU that is there twice."""
    rows: list[Any] = list_of(_SKU_ITEM)(path, value)
    if len(rows) > MOST_SKUS:
        raise Refused(_("%(path)s has more than %(most)s rows.") % {"path": path, "most": MOST_SKUS})
    _once(path, [key_of_sku(row["sku"]) for row in rows])
    return rows


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


_TENANT_CHECKS: dict[str, Check] = {
    "name": name,
    "timezone": time_zone,
    "alert_emails": list_of(email),
    "digest_hour": hour,
    "language": choice("", *dict(languages())),
    "keep_deliveries_days": days_kept,
    "keep_copies_days": days_kept,
    "keep_calls_days": days_kept,
}


def _tenant_setting(column: str) -> tuple[Check, Any] | Check:
    """Return the check of an organisation's setting, with its column's default if it has one."""
    check, field = _TENANT_CHECKS[column], Tenant._meta.get_field(column)
    assert isinstance(field, Field)
    return (check, field.get_default) if field.has_default() else check


_RULES: dict[str, Any] = {
    "rules": (list_of(_RULE), list),
    "vat": (list_of(_VAT_RULE), list),
    "payment_conditions": (list_of(_PAYMENT_RULE), list),
    "sku_items": (_sku_items, list),
}
_CONNECTION = obj(store=text(), division=number, **_RULES, **_settings())
_SLUG = gettext_lazy("%(path)s must be 1 to 50 letters, digits, - and _.")
_STORE_HASH = gettext_lazy("%(path)s must be 4 to 20 of a-z and 0-9.")
_PREFIX = gettext_lazy("%(path)s must be 2 to 10 of A-Z and 0-9.")
_FILE = obj(
    tenant=obj(
        slug=text(pattern=r"[-a-zA-Z0-9_]{1,50}", refusal=_SLUG),
        **{column: _tenant_setting(column) for column in TENANT_SETTINGS},
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
                name=name,
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
                name=name,
                store_hash=text(pattern=r"[a-z0-9]{4,20}", refusal=_STORE_HASH),
                client_id=text(),
                client_secret=secret,
                access_token=secret,
                webhook_auth=(choice(*WebhookAuth), WebhookAuth.EITHER),
                prefix=text(pattern=r"[A-Z0-9]{2,10}", refusal=_PREFIX),
            )
        ),
        list,
    ),
    connections=(list_of(_CONNECTION), list),
)

_TWICE = gettext_lazy("%(place)s: %(name)s is there more than once.")
_POSTS_TWICE = gettext_lazy("%(place)s: %(name)s has mode approval or live more than once.")


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
    _once("connections", posting, _POSTS_TWICE)
    for place, connection in enumerate(file["connections"]):
        prints = connection["finalize"] and connection["document"] != DocumentForm.SALES_ENTRY
        if prints and not connection["invoice_template"]:
            sentence = _("connections[%(place)s].invoice_template is missing: finalize prints the invoice with it.")
            raise Refused(sentence % {"place": place})
    return file


def read_rules(data: object) -> Mapping[str, Any]:
    """Return rules alone, in the form of a connection's, with their defaults. Raises Refused."""
    rules: dict[str, Any] = obj(**_RULES)("", data)
    return rules


def read_connection(data: object) -> Mapping[str, Any]:
    """Return one connection in the file's form, with its defaults. Raises Refused."""
    connection: dict[str, Any] = _CONNECTION("", data)
    return connection


def _once(place: str, names: list[Any], refusal: "_StrPromise" = _TWICE) -> None:
    for each in names:
        if names.count(each) > 1:
            raise Refused(refusal % {"place": place, "name": each})
