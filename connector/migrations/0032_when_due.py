"""The indexes that say what is due: over all lanes by time, and of each lane in its order. They replace two of lanes."""

from django.db import migrations, models
from django.db.models import Q

from connector.migrations._concurrently import AddIndex, RemoveIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0031_history_with_its_own_time')]
    operations = [
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at', 'connection'], name='document_when_due'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=Q(('recheck_at__isnull', False)), fields=['recheck_at', 'connection'], name='document_when_seen_again'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=Q(('next_attempt_at__isnull', False), ('recheck_at__isnull', False), _connector='OR'), fields=['connection', 'low_priority', 'next_attempt_at', 'id'], name='document_next'),
        ),
        RemoveIndex(model_name='ordersync', name='document_due'),
        RemoveIndex(model_name='ordersync', name='document_recheck'),
    ]
