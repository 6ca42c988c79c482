"""What an alert says is kept as a code with its values. The columns have a default in the database."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0020_failed_account_searches'),
    ]

    operations = [
        migrations.AddField(
            model_name='alert',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='What it says, as a code.', max_length=40),
        ),
        migrations.AddField(
            model_name='alert',
            name='params',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False, help_text='What completes it.'),
        ),
    ]
