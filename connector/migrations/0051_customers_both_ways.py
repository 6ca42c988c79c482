"""Customers in both directions: what each side has, what happened, and what is to be done."""

import connector.domain.choices
import connector.models.choice_words
import django.db.models.deletion
import django.db.models.functions.datetime
import functools
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0050_dry_runs'),
        ('tenants', '0010_how_long_it_is_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldGroup,), **{}), max_length=20)),
                ('store_values', models.JSONField(default=dict)),
                ('exact_values', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('decision', models.CharField(blank=True, choices=[('store', "The store's is right"), ('exact', "Exact's is right"), ('neither', 'Leave both')], default='', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'conflict',
            },
        ),
        migrations.CreateModel(
            name='CustomerEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_key', models.CharField(max_length=40)),
                ('account_id', models.CharField(blank=True, default='', max_length=40)),
                ('kind', models.CharField(choices=[('linked', 'Linked'), ('unlinked', 'Unlinked'), ('merged', 'Merged'), ('created', 'Account made'), ('to_exact', 'Written to Exact'), ('to_store', 'Written to the store'), ('conflict', 'Both sides changed'), ('decided', 'Decided by a person'), ('refused', 'Refused'), ('forgotten', 'Personal data removed')], max_length=20)),
                ('origin', models.CharField(choices=[('order', 'An order'), ('webhook', 'A change that was reported'), ('schedule', 'The schedule'), ('run', 'A run over all customers'), ('person', 'A person')], max_length=20)),
                ('group', models.CharField(blank=True, choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldGroup,), **{}), default='', max_length=20)),
                ('before', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('after', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('problems', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'customer event',
                'verbose_name_plural': 'history of customers',
            },
        ),
        migrations.CreateModel(
            name='CustomerMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('ambiguous', 'A person chooses'), ('new', 'No account yet'), ('held', 'Cannot be matched')], max_length=20)),
                ('candidates', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('problems', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('choice', models.CharField(blank=True, default='', max_length=40)),
                ('chosen_at', models.DateTimeField(blank=True, null=True)),
                ('matched_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'match',
                'verbose_name_plural': 'matches',
            },
        ),
        migrations.CreateModel(
            name='CustomerRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('pull', 'Pull'), ('push', 'Push')], max_length=10)),
                ('scheduled', models.BooleanField(default=False, help_text='The schedule began it, no person.')),
                ('state', models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('stopped', 'Stopped'), ('finished', 'Finished'), ('failed', 'Failed')], default='running', max_length=20)),
                ('step', models.CharField(choices=[('accounts', "Reads Exact's accounts"), ('customers', "Reads the store's customers"), ('match', 'Finds the account of each customer'), ('write', 'Makes missing accounts'), ('step', 'Carries over what changed')], default='accounts', max_length=20)),
                ('cursor', models.TextField(blank=True, default='', editable=False)),
                ('accounts', models.PositiveIntegerField(default=0, help_text='Accounts that were read.')),
                ('customers', models.PositiveIntegerField(default=0, help_text='Customers that were read.')),
                ('handled', models.PositiveIntegerField(default=0, help_text='Customers that have been dealt with in this step.')),
                ('linked', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('ambiguous', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(blank=True, default=list, help_text='Why it failed, as codes.')),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='Calls in a row that failed.')),
                ('due_at', models.DateTimeField(blank=True, help_text='When it goes on.', null=True)),
                ('lease_token', models.BigIntegerField(default=0, editable=False)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('lease_holder', models.CharField(blank=True, editable=False, max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'run over all customers',
                'verbose_name_plural': 'runs over all customers',
            },
        ),
        migrations.CreateModel(
            name='ExactDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=40)),
                ('action', models.CharField(blank=True, max_length=20)),
                ('record_id', models.CharField(help_text='The id of what changed.', max_length=40)),
                ('digest', models.CharField(help_text="SHA-256 of the request's content.", max_length=64)),
                ('request', models.CharField(blank=True, db_default='', default='', editable=False, max_length=32)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('processed_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'delivery from Exact',
                'verbose_name_plural': 'deliveries from Exact',
            },
        ),
        migrations.CreateModel(
            name='StoreCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_key', models.CharField(max_length=40)),
                ('email', models.CharField(blank=True, help_text='As the customer wrote it.', max_length=254)),
                ('first_name', models.CharField(blank=True, max_length=200)),
                ('last_name', models.CharField(blank=True, max_length=200)),
                ('company', models.CharField(blank=True, max_length=200)),
                ('phone', models.CharField(blank=True, max_length=60)),
                ('group_id', models.IntegerField(blank=True, null=True)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('vat_number', models.CharField(blank=True, help_text='As the customer wrote it.', max_length=60)),
                ('vat_number_field', models.CharField(blank=True, help_text='The form field that it came from.', max_length=200)),
                ('chamber_of_commerce', models.CharField(blank=True, max_length=60)),
                ('peppol_id', models.CharField(blank=True, max_length=60)),
                ('addresses', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('modified_at', models.DateTimeField(blank=True, help_text='When the store last changed it.', null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, help_text='Since when the store does not have it.', null=True)),
                ('due_at', models.DateTimeField(blank=True, editable=False, help_text='When it is read again, because the store reported a change.', null=True)),
            ],
            options={
                'verbose_name': 'customer of the store',
                'verbose_name_plural': 'customers of the store',
            },
        ),
        migrations.AddField(
            model_name='connection',
            name='account_rules',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text='What a new account gets: first match wins.'),
        ),
        migrations.AddField(
            model_name='connection',
            name='addresses_owner',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldOwner,), **{}), db_default='store', default=connector.domain.choices.FieldOwner['STORE'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='chamber_fields',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='connection',
            name='collective_by_country',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text='Country (ISO) → account code.'),
        ),
        migrations.AddField(
            model_name='connection',
            name='contact_owner',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldOwner,), **{}), db_default='newest', default=connector.domain.choices.FieldOwner['NEWEST'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='customer_conflicts',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.CustomerConflicts,), **{}), db_default='person', default=connector.domain.choices.CustomerConflicts['PERSON'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='customer_minutes',
            field=models.PositiveSmallIntegerField(db_default=60, default=60, help_text="How often both sides' customers are read. 0: never."),
        ),
        migrations.AddField(
            model_name='connection',
            name='guest_amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='guest_orders',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='names_owner',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldOwner,), **{}), db_default='store', default=connector.domain.choices.FieldOwner['STORE'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='payment_condition_owner',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldOwner,), **{}), db_default='exact', default=connector.domain.choices.FieldOwner['EXACT'], max_length=10),
        ),
        migrations.AddField(
            model_name='connection',
            name='peppol_fields',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='connection',
            name='promote_prospects',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='connection',
            name='vat_number_owner',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.FieldOwner,), **{}), db_default='newest', default=connector.domain.choices.FieldOwner['NEWEST'], max_length=10),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When it is compared again; empty when neither side changed.', null=True),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='exact_base',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='failures',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='in_step_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When both sides were last compared.', null=True),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='score',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How sure the match was, 0 to 100; empty when it was not measured.', null=True),
        ),
        migrations.AddField(
            model_name='customerlink',
            name='store_base',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='delivery',
            name='customer_id',
            field=models.BigIntegerField(help_text='The customer that it is about, if it is about one.', null=True),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='address_line1',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='address_line2',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='chamber_of_commerce',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='city',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='country',
            field=models.CharField(blank=True, db_default='', default='', max_length=2),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When it is read again, because Exact reported a change.', null=True),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='modified_at',
            field=models.DateTimeField(blank=True, help_text='When it was last changed in Exact, as far as it is known.', null=True),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='name_key',
            field=models.CharField(blank=True, db_default='', default='', help_text='The name without its suffix and accents.', max_length=200),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='payment_condition',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='peppol_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='phone_key',
            field=models.CharField(blank=True, db_default='', default='', help_text='In E.164.', max_length=20),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='postcode',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='postcode_key',
            field=models.CharField(blank=True, db_default='', default='', help_text='Normalised.', max_length=40),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='state',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='directoryaccount',
            name='vat_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='division',
            name='deleted_timestamp',
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='division',
            name='webhook_checked_at',
            field=models.DateTimeField(editable=False, help_text='When its webhook was last in order.', null=True),
        ),
        migrations.AddField(
            model_name='division',
            name='webhook_id',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='division',
            name='webhook_uuid',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='store',
            name='customers_read_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='store',
            name='customers_read_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='customerconflict',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customerconflict',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='connector.customerlink'),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='division',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connector.division'),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='store',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connector.store'),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_events', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='customermatch',
            name='chosen_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customermatch',
            name='division',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_matches', to='connector.division'),
        ),
        migrations.AddField(
            model_name='customerrun',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customerrun',
            name='connection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_runs', to='connector.connection'),
        ),
        migrations.AddField(
            model_name='customerrun',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_runs', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='exactdelivery',
            name='division',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='connector.division'),
        ),
        migrations.AddField(
            model_name='storecustomer',
            name='store',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customers', to='connector.store'),
        ),
        migrations.AddField(
            model_name='customermatch',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='connector.storecustomer'),
        ),
        migrations.AddConstraint(
            model_name='customerconflict',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('link', 'group'), name='conflict_open_once'),
        ),
        migrations.AddIndex(
            model_name='customerevent',
            index=models.Index(fields=['store', 'customer_key', '-id'], name='customerevent_of_one'),
        ),
        migrations.AddIndex(
            model_name='customerrun',
            index=models.Index(fields=['connection', '-id'], name='customerrun_newest'),
        ),
        migrations.AddIndex(
            model_name='customerrun',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['due_at'], name='customerrun_due'),
        ),
        migrations.AddConstraint(
            model_name='customerrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['running', 'paused', 'stopped', 'finished', 'failed'])), name='customerrun_state_known'),
        ),
        migrations.AddConstraint(
            model_name='customerrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('due_at__isnull', True)), _connector='OR'), name='customerrun_due_while_running'),
        ),
        migrations.AddConstraint(
            model_name='customerrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'paused'])), fields=('connection',), name='customerrun_one_of_a_connection'),
        ),
        migrations.AddIndex(
            model_name='exactdelivery',
            index=models.Index(condition=models.Q(('processed_at', None)), fields=['division', 'id'], name='exactdelivery_unprocessed'),
        ),
        migrations.AddIndex(
            model_name='exactdelivery',
            index=models.Index(fields=['received_at'], name='exactdelivery_by_day'),
        ),
        migrations.AddConstraint(
            model_name='exactdelivery',
            constraint=models.UniqueConstraint(fields=('division', 'digest'), name='exactdelivery_once'),
        ),
        migrations.AddIndex(
            model_name='storecustomer',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['store', 'email'], name='storecustomer_by_email'),
        ),
        migrations.AddIndex(
            model_name='storecustomer',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['store', 'due_at'], name='storecustomer_due'),
        ),
        migrations.AddConstraint(
            model_name='storecustomer',
            constraint=models.UniqueConstraint(fields=('store', 'customer_key'), name='storecustomer_once'),
        ),
        migrations.AddIndex(
            model_name='customermatch',
            index=models.Index(fields=['division', 'outcome', 'id'], name='customermatch_by_outcome'),
        ),
        migrations.AddConstraint(
            model_name='customermatch',
            constraint=models.UniqueConstraint(fields=('customer', 'division'), name='customermatch_once'),
        ),
    ]
