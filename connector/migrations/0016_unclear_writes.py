"""A write whose answer was unclear is counted, and an endpoint's refusals by their cause.

Each new column has a default in the database, so that no row is written and the earlier build can go on making rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0015_foreign_vat_of_businesses'),
    ]

    operations = [
        migrations.AddField(
            model_name='breaker',
            name='cause',
            field=models.TextField(blank=True, db_default='', default='', editable=False, help_text='What was refused last, without values.'),
        ),
        migrations.AddField(
            model_name='breaker',
            name='documents',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, editable=False, help_text='The documents that were refused for it in a row; 0 for a call without one.'),
        ),
        migrations.AddField(
            model_name='breaker',
            name='refused',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False, help_text='When each document was refused last, within the last hour.'),
        ),
        migrations.AddField(
            model_name='breaker',
            name='writes_only',
            field=models.BooleanField(db_default=False, default=False, help_text='Only writes were refused. Reading goes on while it is closed.'),
        ),
        migrations.AddField(
            model_name='ordersync',
            name='unclear',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, help_text='The write whose answer was unclear last, and how often that was.'),
        ),
    ]
