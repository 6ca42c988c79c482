"""Indexes that find what has expired by its day. They are built while orders come in."""

from django.db import migrations, models
from django.db.models import Q

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0045_closed_months')]
    operations = [
        AddIndex(
            model_name='ordersync',
            index=models.Index(
                condition=Q(order_data__isnull=False, state__in=['posted', 'skipped']),
                fields=['connection', 'updated_at'],
                name='document_with_copy',
            ),
        ),
        AddIndex(
            model_name='syncevent',
            index=models.Index(condition=Q(kind='call'), fields=['tenant', 'at'], name='event_call_by_day'),
        ),
        AddIndex(
            model_name='syncevent',
            index=models.Index(
                condition=~Q(sent='', answered=''), fields=['tenant', 'at'], name='event_with_bodies_by_day'
            ),
        ),
    ]
