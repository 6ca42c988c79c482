"""For how long an organisation keeps what may expire."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('tenants', '0009_digest')]
    operations = [
        migrations.AddField(
            model_name='tenant',
            name='keep_deliveries_days',
            field=models.PositiveIntegerField(
                db_default=90,
                default=90,
                help_text='Days for which what its stores reported is kept. A store that is connected again needs 60.',
                validators=[MinValueValidator(60), MaxValueValidator(36500)],
            ),
        ),
        migrations.AddField(
            model_name='tenant',
            name='keep_copies_days',
            field=models.PositiveIntegerField(
                db_default=400,
                default=400,
                help_text='Days for which copies of orders, and what was sent and answered, are kept after the last change.',
                validators=[MinValueValidator(60), MaxValueValidator(36500)],
            ),
        ),
        migrations.AddField(
            model_name='tenant',
            name='keep_calls_days',
            field=models.PositiveIntegerField(
                db_default=730,
                default=730,
                help_text='Days for which the lines about calls are kept. The chain keeps their hashes for ever.',
                validators=[MinValueValidator(60), MaxValueValidator(36500)],
            ),
        ),
        migrations.AddField(
            model_name='tenant', name='pruned_at', field=models.DateTimeField(editable=False, null=True)
        ),
    ]
