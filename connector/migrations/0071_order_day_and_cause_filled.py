"""Documents from before get the day of their order and their cause.

The day is that of the draft, else that of the kept order; where both are gone it stays empty. Rows are taken in
batches by their id, without a lock on the table and without a transaction over them all. A cause is written only while
the row is held by what was read. What was interrupted can be run again.
"""

from collections import defaultdict
from datetime import date
from email.utils import parsedate_to_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models.fields.json import KT

from connector.domain.document.causes import cause_of
from connector.domain.document.result import from_json

BATCH = 1000
READ = ("pk", "connection__store__timezone", "day_of_draft", "moment_of_order")
NAMING = ("division_id", "reason", "code", "params", "problems")


def day_of(row):
    """Return the day of a row's order in its store's time zone; None when the row does not say it."""
    try:
        if row["day_of_draft"]:
            return date.fromisoformat(row["day_of_draft"])
        moment = parsedate_to_datetime(row["moment_of_order"] or "")
        return moment.astimezone(ZoneInfo(row["connection__store__timezone"])).date()
    except (TypeError, ValueError):
        return None


def give_days(rows):
    """Write each day of a batch with one statement."""
    without = rows.filter(ordered_on=None).order_by("pk")
    without = without.annotate(day_of_draft=KT("draft__order_date"), moment_of_order=KT("order_data__order__date_created"))
    last = 0
    while batch := list(without.filter(pk__gt=last).values(*READ)[:BATCH]):
        found = defaultdict(list)
        for row in batch:
            if day := day_of(row):
                found[day].append(row["pk"])
        for day, pks in found.items():
            rows.filter(pk__in=pks, ordered_on=None).update(ordered_on=day)
        last = batch[-1]["pk"]


def give_causes(rows):
    """Write the cause of each held row. It is made as flow/ledger/held_causes.py makes it."""
    held = rows.filter(state="blocked", cause="").order_by("pk")
    last = 0
    while batch := list(held.filter(pk__gt=last).values("pk", *NAMING)[:BATCH]):
        for row in batch:
            last = row.pop("pk")
            problems = row["problems"] or [{"code": row["code"], "line": "", "params": row["params"]}]
            key = f"{row['division_id']}|{row['reason']}|{cause_of(from_json(problems))}"
            same = rows.filter(pk=last, state="blocked", reason=row["reason"], code=row["code"], problems=row["problems"])
            same.update(cause=sha256(key.encode()).hexdigest()[:32])


def fill(apps, schema_editor):
    rows = apps.get_model("connector", "OrderSync").objects.using(schema_editor.connection.alias)
    give_days(rows)
    give_causes(rows)


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("connector", "0070_order_day_and_cause")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
