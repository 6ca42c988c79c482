"""What happens to foreign VAT that a business was charged: a column with a default, so that no row is written."""

import connector.domain.choices
import connector.models.choice_words
import functools
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0014_customers_own_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='b2b_foreign_vat',
            field=models.CharField(choices=functools.partial(connector.models.choice_words.named, *(connector.domain.choices.ForeignVat,), **{}), db_default='hold', default=connector.domain.choices.ForeignVat['HOLD'], max_length=10),
        ),
    ]
