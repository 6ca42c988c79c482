"""Columns that nothing reads go, and so do the warehouses among the master data: a feature that needs them adds them.

Web and worker are stopped while migrating, as 0007 asks for: the earlier build names the columns when it adds a row.
PostgreSQL drops a column in its catalogue, whatever the table's size. The rows of warehouses are few; a pull of master
data by the earlier build would bring them back.
"""

from typing import Any

from django.db import migrations, models

KINDS = [
    *("gl_account", "cost_center", "cost_unit", "vat_code", "journal"),
    *("payment_condition", "layout", "item", "currency", "period"),
]


def forget_warehouses(apps: Any, schema_editor: Any) -> None:
    apps.get_model("connector", "MasterData").objects.filter(kind="warehouse").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("connector", "0007_plain_names"),
    ]

    operations = [
        migrations.RemoveField("customerlink", "fingerprint_store"),
        migrations.RemoveField("customerlink", "fingerprint_exact"),
        migrations.RemoveField("bulkrun", "action"),
        migrations.RunPython(forget_warehouses, migrations.RunPython.noop),
        migrations.AlterField(
            "masterdata",
            "kind",
            models.CharField(
                choices=[
                    ("gl_account", "GL account"),
                    ("cost_center", "cost centre"),
                    ("cost_unit", "cost unit"),
                    ("vat_code", "VAT code"),
                    ("journal", "journal"),
                    ("payment_condition", "payment condition"),
                    ("layout", "invoice template"),
                    ("item", "item"),
                    ("currency", "currency"),
                    ("period", "financial period"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint("masterdata", "masterdata_kind_known"),
        migrations.AddConstraint(
            "masterdata",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="masterdata_kind_known"),
        ),
    ]
