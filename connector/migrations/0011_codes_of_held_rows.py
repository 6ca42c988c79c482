"""Documents that were held before there were codes get theirs, where their text leaves no doubt.

The text stays as it is, and `problems` stays empty: the portal goes on showing the text. A text of several lines gets
a code when all its lines tell of the same cause. What is not certain is left without a code, as before.

Rows are taken in batches, without a lock on the table and without a transaction over them all. Each is written only
while its text is the one that was read. What was interrupted can be run again.
"""

import re

from django.db import migrations

BATCH = 500
_LINE = (
    r'(?P<kind>product|shipping|handling|wrapping|fee|gift certificate|rounding|tax)(?: ".*")? '
    r"to (?P<country>[A-Z]{2}|an unknown country) \(line [^()]+\)"
)
_ANY_LINE = _LINE.replace("?P<kind>", "?:").replace("?P<country>", "?:")
_BY_RULE = rf"VAT code (?P<vat_code>\S+) for {_ANY_LINE} \((?:VAT )?rule \d+, version \d+\)"
_NAME = r"(?:Invoice|Sales entry|Credit note|Credit entry|Receipt) \S+"
_OPENED = "Make or open the period in Exact and pull the master data, or change the connection's `invoice_date` or "
_REFUSED = r"Exact refused the request \((?P<endpoint>[^(),]+)(?:\([^()]*\))?, HTTP \d{3}\): (?P<text>.+)"

# By the ledger's reason: what a whole line of a text must be. A named group is a parameter that tells causes apart.
PATTERNS = {
    "mapping": {
        "no_gl_account_rule": rf"No rule chooses a GL account for {_LINE}\. Add a mapping rule for line \w+\.",
        "gl_account_missing": rf"GL account (?P<gl_account>\S+) for {_ANY_LINE} is not in the division\.",
        "gl_account_blocked": rf"GL account (?P<gl_account>\S+) for {_ANY_LINE} is blocked in Exact\.",
        "cost_code_needed": rf"GL account (?P<gl_account>\S+) needs a (?P<dimension>cost centre|cost unit), and no rule "
        rf"chooses one for {_ANY_LINE}\.",
        "cost_code_missing": rf"The (?P<dimension>cost centre|cost unit) (?P<cost_code>\S+) for {_ANY_LINE} is not in "
        r"the division\.",
        "no_gift_certificate_item": rf"No item is set for {_ANY_LINE}\. Choose the connection's gift certificate item\.",
        "journal_missing": r"Journal (?P<journal>\S+) is not in the division\.",
        "journal_not_sales": r"Journal (?P<journal>\S+) is not a sales journal\.",
        "journal_blocked": r"Journal (?P<journal>\S+) is not open for entries: it is blocked in Exact\.",
        "payment_condition_missing": r"Payment condition (?P<payment_condition>\S+) for .+ is not in the division\.",
        "vat_code_missing": rf"{_BY_RULE} is not in the division\.",
        "vat_code_blocked": rf"{_BY_RULE} is blocked\.",
        "vat_code_for_purchases": rf"{_BY_RULE} is for purchases only\.",
        "vat_code_includes_vat": rf"{_BY_RULE} includes VAT, and the amounts of a sales entry .+",
        "template_missing": r"The division has no invoice template '(?P<template>[^']+)'\. Choose another template in "
        r"the connection, then re-post\.",
        "receipt_journal_not_set": r"Receipts need a journal: none is set\. Set `payments\.journal`, then re-post\.",
    },
    "item": {
        "no_item": rf"No item is set for {_LINE}\. Choose one in the connection's settings\.",
        "item_missing": rf"Item (?P<item>\S+) for {_ANY_LINE} is not in the division\.",
        "item_not_sold": rf"Item (?P<item>\S+) for {_ANY_LINE} is not a sales item, or its end date has passed\.",
    },
    "currency": {
        "currency_missing": r"The order is in (?P<currency>[A-Z]{3}), which the division does not have among its "
        r"currencies\.",
        "currency_not_of_journal": r"The order is in (?P<currency>[A-Z]{3}), and journal (?P<journal>\S+) takes "
        r"[A-Z]{3} only\.",
        "currency_decimals": r"Amounts in (?P<currency>[A-Z]{3}) have \d+ decimals, and the division keeps \d+ of them\.",
    },
    "totals": {
        "no_lines": r"The order has no lines, but its total is -?[\d.]+ [A-Z]{3}\.",
        "lines_do_not_add_up": r"The order's lines add up to -?[\d.]+, but its total is -?[\d.]+ [A-Z]{3}\.",
        "tax_does_not_add_up": r"The tax of the lines adds up to -?[\d.]+, but the order's is -?[\d.]+ [A-Z]{3}\.",
    },
    "customer": {
        "guest_without_email": r"The guest left no e-mail address\. Add it to the order in BigCommerce\.",
        "collective_account_missing": r"The division has no account '(?P<account>[^']+)'\. Choose another collective "
        r"account\.",
        "account_refused": rf"Exact refused to make an account for .+?: {_REFUSED}",
        "address_refused": rf"Exact refused the delivery address: {_REFUSED}",
    },
    "rejected": {
        "refused": rf"(?:{_NAME} is (?:booked in Exact|open in Exact, not printed)\. )?{_REFUSED} "
        r"Mend the cause, then re-post\.",
    },
    "period": {
        "period_missing": rf"Exact has no financial period for (?P<day>\d{{4}}-\d\d-\d\d)\. {_OPENED}.+",
        "period_closed": r"Exact refused a document dated in the period (?P<period>\S+ to \S+), so it counts as closed\. "
        rf"{_OPENED}.+",
    },
    "drift": {
        "gone_in_exact": rf"{_NAME} was made in Exact and is gone there now\. Find out who deleted it; then re-post the "
        r"order or skip it\.",
    },
    "exhausted": {
        "worker_died": r"The worker died \d+ times with this order in hand\. Look into its log, then re-post\.",
    },
}
COMPILED = {
    reason: [(code, re.compile(pattern)) for code, pattern in patterns.items()] for reason, patterns in PATTERNS.items()
}
# How words of the texts are kept.
KEPT = {"gift certificate": "gift_certificate", "cost centre": "cost_center", "cost unit": "cost_unit"}
OWN = ("order_id", "reference", "exact_id", "exact_number", "customer", "email")
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AMOUNT = re.compile(r"-?\d+[.,]\d+")


def code_of(row):
    """Return the code of a held row and the parameters of its cause; None when its text does not tell for certain."""
    found = [_told(row["reason"], line) for line in row["message"].splitlines()]
    if not found or any(each != found[0] for each in found):
        return None
    if found[0] is None:
        return None
    code, params = found[0]
    if "text" in params:
        params = {**params, "vendor": "Exact", "fault": _without_own(params["text"], row)}
    return code, params


def _told(reason, line):
    for code, pattern in COMPILED.get(reason, ()):
        if match := pattern.fullmatch(line):
            params = {name: KEPT.get(value, value) for name, value in match.groupdict().items()}
            if params.get("country") == "an unknown country":
                params["country"] = ""
            # Of an item only the kind of the line tells causes apart.
            if code == "no_item":
                del params["country"]
            return code, params
    return None


def _without_own(text, row):
    """The vendor's text without ids, amounts and what names the one document."""
    own = {str(row[name]).strip() for name in OWN}
    for name in sorted((name for name in own if len(name) >= 3), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return " ".join(_AMOUNT.sub("#", _ID.sub("…", text)).split())


def give_codes(apps, schema_editor):
    """Go through the held rows by their id, a batch at a time."""
    rows = apps.get_model("connector", "OrderSync").objects.using(schema_editor.connection.alias)
    held = rows.filter(state="blocked", code="", reason__in=PATTERNS).order_by("pk")
    last = 0
    while batch := list(held.filter(pk__gt=last).values("pk", "reason", "message", *OWN)[:BATCH]):
        for row in batch:
            if found := code_of(row):
                code, params = found
                same = rows.filter(pk=row["pk"], state="blocked", code="", message=row["message"])
                same.update(code=code, params=params)
        last = batch[-1]["pk"]


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("connector", "0010_problem_codes")]

    operations = [migrations.RunPython(give_codes, migrations.RunPython.noop, elidable=True)]
