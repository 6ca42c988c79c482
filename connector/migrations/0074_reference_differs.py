"""A changed reference is a difference of its own kind. The table has differences alone, so it is checked in no time."""

from django.db import migrations, models

NAMES = {
    "missing_document": "missing in Exact",
    "missing_order": "no order known",
    "amount": "amount",
    "vat": "VAT",
    "currency": "currency",
    "account": "account",
    "date": "date",
    "reference": "reference",
    "duplicate": "duplicate",
    "deleted": "deleted in Exact",
    "state": "state",
}


class Migration(migrations.Migration):

    dependencies = [("connector", "0073_reviewed_tax")]

    operations = [
        migrations.RemoveConstraint(model_name="discrepancy", name="discrepancy_kind_known"),
        migrations.AlterField(
            model_name="discrepancy",
            name="kind",
            field=models.CharField(choices=list(NAMES.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=list(NAMES)), name="discrepancy_kind_known"),
        ),
    ]
