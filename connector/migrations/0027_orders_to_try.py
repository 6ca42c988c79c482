"""How many orders a try of rules has before it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0026_chosen_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='fitrun',
            name='expected',
            field=models.PositiveIntegerField(blank=True, help_text='How many orders there are to try, about; empty before it is known.', null=True),
        ),
    ]
