"""Differences of before have the business day that they are about, where their document says it for certain.

One without a day is of the whole period of its run. Rows are taken in batches by their id.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F, Q

BATCH = 500


def fill_days(apps, schema_editor):
    """Fill the days of open differences about a document of the ledger, or about its order, a batch at a time."""
    model = apps.get_model("connector", "Discrepancy")
    rows = model.objects.using(schema_editor.connection.alias)
    # A copy has a date of its own, and what a document lacks has another reference.
    certain = rows.filter(Q(exact_id="") | Q(exact_id__iexact=F("document__exact_id")), reference=F("document__reference"))
    certain = certain.filter(state="open", day=None).exclude(kind="duplicate")
    wanted = certain.order_by("pk").values_list("pk", "run__zone", "document__kind", "document__sequence", "document__order_data")
    last = 0
    while batch := list(wanted.filter(pk__gt=last)[:BATCH]):
        moments = [(pk, zone, _moment(*document)) for pk, zone, *document in batch]
        found = [model(pk=pk, day=at.astimezone(ZoneInfo(zone)).date()) for pk, zone, at in moments if at]
        rows.bulk_update(found, ["day"])
        last = batch[-1][0]


def _moment(kind, sequence, kept):
    """When the order was placed, or the refund made; None when that is not kept."""
    refund = kind == "credit" and sequence > 0
    try:
        if refund:
            found = datetime.fromisoformat(kept["refund"]["created"])
        else:
            found = parsedate_to_datetime(kept["order"]["date_created"])
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return None


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("connector", "0068_accounts_forgotten")]

    operations = [migrations.RunPython(fill_days, migrations.RunPython.noop, elidable=True)]
