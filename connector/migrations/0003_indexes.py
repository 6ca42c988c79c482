"""Indexes of big tables, made while orders come in."""

from django.db import migrations, models

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("connector", "0002_desk_money_care")]
    operations = [
        AddIndex(
            model_name='delivery',
            index=models.Index(fields=['store', 'received_at', 'signature'], name='delivery_by_day'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('changed', True)), fields=['connection', '-id'], name='document_changed'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('kind', 'credit')), fields=['connection', '-id'], name='document_credits'),
        ),
    ]
