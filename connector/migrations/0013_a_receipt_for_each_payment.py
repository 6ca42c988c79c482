"""The sequence of a receipt is the id of its payment. What was one receipt of an order becomes its first, with 0.

Its state, its amount and its entry in Exact stay, so nothing is booked again. Rows are taken in batches by their id.
"""

from django.db import migrations

BATCH = 500


def renumber(apps, schema_editor):
    """Give the receipts that are numbered 1 the sequence 0, a batch at a time."""
    rows = apps.get_model("connector", "OrderSync").objects.using(schema_editor.connection.alias)
    receipts = rows.filter(kind="receipt", sequence=1).order_by("pk")
    last = 0
    while batch := list(receipts.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        rows.filter(pk__in=batch, sequence=1).update(sequence=0)
        last = batch[-1]


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("connector", "0012_document_fingerprint")]

    operations = [migrations.RunPython(renumber, migrations.RunPython.noop, elidable=True)]
