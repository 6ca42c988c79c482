"""Whether a write was refused last stands in a column of its own. Before, the cause began with the word."""


from typing import Any

from django.db import migrations, models


def mark_writes(apps: Any, schema_editor: Any) -> None:
    """Mark the endpoints whose last refusal was that of a write."""
    rows = apps.get_model('connector', 'Breaker').objects.using(schema_editor.connection.alias)
    rows.filter(cause__startswith='write ').update(was_write=True)


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0018_usual_placeholder_emails'),
    ]

    operations = [
        migrations.AddField(
            model_name='breaker',
            name='was_write',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='What was refused last was a write.'),
        ),
        migrations.RunPython(mark_writes, migrations.RunPython.noop, elidable=True),
    ]
