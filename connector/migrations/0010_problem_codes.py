"""Why a document is held or skipped is kept as data beside its text.

Each new column has a default in the database, so that no row is written and the earlier build can go on making rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("connector", "0009_words")]

    operations = [
        migrations.AddField(
            model_name="ordersync",
            name="code",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="The most serious problem, as a code.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="ordersync",
            name="params",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="What completes that problem.",
            ),
        ),
        migrations.AddField(
            model_name="ordersync",
            name="problems",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Every problem: its code, its line and what completes it.",
            ),
        ),
    ]
