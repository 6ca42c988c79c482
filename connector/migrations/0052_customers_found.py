"""Links and accounts are found by account, by name and place, and by when they are due."""

from django.db import migrations, models
from django.db.models import Q

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0051_customers_both_ways')]
    operations = [
        AddIndex(
            model_name='customerlink',
            index=models.Index(fields=['division', 'account_id'], name='customerlink_by_account'),
        ),
        AddIndex(
            model_name='customerlink',
            index=models.Index(condition=Q(due_at__isnull=False), fields=['division', 'due_at'], name='customerlink_due'),
        ),
        AddIndex(
            model_name='directoryaccount',
            index=models.Index(condition=~Q(postcode_key='') & ~Q(name_key=''), fields=['division', 'postcode_key', 'name_key'], name='account_by_name_and_place'),
        ),
        AddIndex(
            model_name='directoryaccount',
            index=models.Index(condition=Q(due_at__isnull=False), fields=['division', 'due_at'], name='account_due'),
        ),
    ]
