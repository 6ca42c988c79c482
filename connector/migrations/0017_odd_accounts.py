"""Accounts that cannot be read are kept until they are right. The column has a default in the database."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0016_unclear_writes'),
    ]

    operations = [
        migrations.AddField(
            model_name='division',
            name='odd_accounts',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
    ]
