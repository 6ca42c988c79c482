from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0007_suspended'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='session_era',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
