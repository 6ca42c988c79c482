"""The workers, as they were last seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('connector', '0036_documents_for_a_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('seen_at', models.DateTimeField()),
                ('late', models.BooleanField(default=False, help_text='Whether it found work that nobody took for three sweeps.')),
            ],
        ),
    ]
