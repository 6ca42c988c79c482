"""Columns of the ledger get the names that the code and the portal use: the catalogue changes, no row does.

The index follows its column by itself, so only what Django knows of it is told; PostgreSQL and SQLite keep the index.
"""

from django.db import migrations, models

RENAMED = {
    "anew": "replace_requested",
    "later": "low_priority",
    "deaths": "worker_deaths",
    "absent_looks": "not_found_count",
    "changed": "change_pending",
}


class Migration(migrations.Migration):

    dependencies = [
        ("connector", "0006_choices_of_a_connection"),
    ]

    operations = [
        migrations.RenameIndex("ordersync", old_name="document_changed", new_name="document_change_pending"),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex("ordersync", "document_change_pending")]
        ),
        *(migrations.RenameField("ordersync", old, new) for old, new in RENAMED.items()),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    "ordersync",
                    models.Index(
                        fields=["connection", "-id"],
                        condition=models.Q(change_pending=True),
                        name="document_change_pending",
                    ),
                )
            ]
        ),
    ]
