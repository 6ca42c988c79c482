"""The words of columns and their choices; no row changes."""

import connector.domain.choices
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0008_unread_columns'),
    ]

    operations = [
        migrations.AlterField(
            model_name='breaker',
            name='open_until',
            field=models.DateTimeField(blank=True, help_text='No call before this time. Then one call is tried.', null=True),
        ),
        migrations.AlterField(
            model_name='breaker',
            name='opened_times',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often in a row. Each pause is twice as long.'),
        ),
        migrations.AlterField(
            model_name='bulkrun',
            name='settled',
            field=models.PositiveIntegerField(default=0, help_text='Documents that are done, posted or not.'),
        ),
        migrations.AlterField(
            model_name='customerlink',
            name='sent_at',
            field=models.DateTimeField(blank=True, help_text="When the account's creation began.", null=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='proof',
            field=models.CharField(help_text="What proved that it is BigCommerce's: our secret or the signature.", max_length=10),
        ),
        migrations.AlterField(
            model_name='division',
            name='closed_until',
            field=models.DateTimeField(editable=False, help_text='A limit was reached. No call before this time.', null=True),
        ),
        migrations.AlterField(
            model_name='exactgrant',
            name='kept_alive_at',
            field=models.DateTimeField(editable=False, help_text='When it was last refreshed while idle.', null=True),
        ),
        migrations.AlterField(
            model_name='exactgrant',
            name='refresh_after',
            field=models.DateTimeField(editable=False, help_text='Exact gave no token. It is not asked before this time.', null=True),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='decision',
            field=models.CharField(blank=True, db_default='', default='', help_text='What a person decided about a change.', max_length=20),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='exact_data',
            field=models.JSONField(blank=True, help_text='The invoice and its totals, as Exact last answered.', null=True),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='form',
            field=models.CharField(choices=[('sales_invoice', 'sales invoice'), ('sales_entry', 'sales entry')], db_default=connector.domain.choices.DocumentForm['SALES_INVOICE'], default=connector.domain.choices.DocumentForm['SALES_INVOICE'], help_text='What it is or will be in Exact: an invoice, or a booking without items.', max_length=20),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='low_priority',
            field=models.BooleanField(db_default=False, default=False, help_text='Not a live order: it uses only calls of the day that live orders leave.'),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='not_found_count',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often Exact did not have it.'),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='recheck_at',
            field=models.DateTimeField(blank=True, help_text='A delivery came later: the order is read again.', null=True),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='replace_requested',
            field=models.BooleanField(default=False, help_text='Sent again: its invoice may have to be replaced.'),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='reviewed',
            field=models.CharField(blank=True, db_default='', default='', help_text='A hash of the change that was reported last.', max_length=64),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='sent_at',
            field=models.DateTimeField(blank=True, help_text='When the last write began.', null=True),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='worker_deaths',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often a worker died while it worked on this.'),
        ),
        migrations.AlterField(
            model_name='refuseddeliveries',
            name='status',
            field=models.PositiveSmallIntegerField(help_text='The status that was answered, such as 401.'),
        ),
        migrations.AlterField(
            model_name='store',
            name='closed_until',
            field=models.DateTimeField(editable=False, help_text='A limit was reached. No call before this time.', null=True),
        ),
        migrations.AlterField(
            model_name='store',
            name='hook_secret_previous_until',
            field=models.DateTimeField(editable=False, help_text='Both are valid until then.', null=True),
        ),
        migrations.AlterField(
            model_name='store',
            name='webhook_auth',
            field=models.CharField(choices=[('either', 'Either'), ('signature', 'Signature'), ('secret', 'Secret')], default='either', help_text="What proves that a request is BigCommerce's. Either: our own header decides when it is present, else the signature. Signature or secret: that one must be present and right.", max_length=20),
        ),
    ]
