"""A document that a person chose as the first to post, and when they had looked at the tried orders."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0024_get_started'),
    ]

    operations = [
        migrations.AddField(
            model_name='fitrun',
            name='looked_at',
            field=models.DateTimeField(blank=True, help_text='When a person had looked at the five.', null=True),
        ),
        migrations.AddField(
            model_name='ordersync',
            name='chosen_at',
            field=models.DateTimeField(blank=True, help_text='A person chose it: it is posted in any mode, left open, and theirs to keep or to take out again.', null=True),
        ),
    ]
