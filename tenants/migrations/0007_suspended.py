from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0006_names_on_one_line'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='suspended',
            field=models.BooleanField(db_default=False, default=False, help_text='Nothing is called for it and its members see no page. What its stores report is kept. Switched back on, everything flows on.'),
        ),
    ]
