"""Whose account it is: what is read of accounts, what is kept of customers, and two settings.

Each new column has a default in the database, so that no row is written. The next pull reads every account again: their
last day was not read before, nor was their VAT number written in one way.
"""

import connector.domain.choices
import connector.models.choice_words
import connector.models.connections
import functools
from django.db import migrations, models


def read_accounts_again(apps, schema_editor):
    apps.get_model("connector", "Division").objects.exclude(accounts_timestamp=0).update(accounts_timestamp=0)


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0013_a_receipt_for_each_payment'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='complete_vat',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.CompleteVat,), **{}), db_default='ours', default=connector.domain.choices.CompleteVat['OURS'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='placeholder_emails',
            field=models.JSONField(blank=True, db_default=models.Value(['noemail@', 'nomail@', 'noreply@', 'donotreply@', 'none@', 'na@', 'unknown@', 'anonymous@', 'nobody@', 'geenemail@', 'geenmail@', 'geen@', 'onbekend@', 'anoniem@', 'nvt@', 'keineemail@', 'unbekannt@', 'walkin@', 'walkincustomer@', 'pos@', 'kassa@', 'dummy@', '@noemail.com', '@none.com'], models.JSONField()), default=connector.models.connections.default_placeholder_emails),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='name',
            field=models.CharField(blank=True, db_default='', default='', help_text="The customer's name in the orders.", max_length=200),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='ends',
            field=models.DateField(blank=True, help_text="The account's last day.", null=True),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='status',
            field=models.CharField(blank=True, db_default='', default='', help_text='A none, S suspect, P prospect, C customer.', max_length=1),
        ),
        migrations.AlterField(
            model_name='customerlink',
            name='customer_key',
            field=models.CharField(help_text="The customer's id, or G and a hash of the e-mail for a guest; with a mark for a further company that orders under it.", max_length=40),
        ),
        migrations.AlterField(
            model_name='directoryaccount',
            name='vat_number',
            field=models.CharField(blank=True, help_text='Upper case, no separators, with its prefix.', max_length=40),
        ),
        migrations.RunPython(read_accounts_again, migrations.RunPython.noop),
    ]
