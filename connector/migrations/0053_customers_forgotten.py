"""Customers who were forgotten are marked, and found by their marks."""

from django.db import migrations, models
from django.db.models import Q

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0052_customers_found')]
    operations = [
        migrations.AddField(
            model_name='customerlink',
            name='forgotten_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When the customer was forgotten; empty again after a later order.', null=True),
        ),
        migrations.AddField(
            model_name='storecustomer',
            name='forgotten_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When the customer was forgotten: nothing personal is kept; empty again after a later order.', null=True),
        ),
        migrations.AddField(
            model_name='store',
            name='has_forgotten',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='A customer of it was forgotten, at some time.'),
        ),
        migrations.AddField(
            model_name='division',
            name='has_forgotten',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='A customer with an account in it was forgotten.'),
        ),
        migrations.AlterField(
            model_name='syncevent',
            name='kind',
            field=models.CharField(choices=[('transition', 'Transition'), ('call', 'Call'), ('action', 'Action'), ('expiry', 'Expiry'), ('forgotten', 'Personal data removed')], max_length=20),
        ),
        AddIndex(
            model_name='customerlink',
            index=models.Index(condition=Q(forgotten_at__isnull=False), fields=['division', 'account_id'], name='customerlink_forgotten'),
        ),
        AddIndex(
            model_name='customerevent',
            index=models.Index(condition=Q(kind='forgotten'), fields=['store', 'customer_key', 'at'], name='customerevent_forgotten'),
        ),
    ]
