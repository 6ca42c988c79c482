"""Names stand on one line. Older ones are put on one."""

import tenants.typed
from django.db import migrations, models

from tenants.migrations._names import put_on_one_line


def clean(apps, schema_editor):
    put_on_one_line(apps.get_model("connector", "Store"), "name", "store_hash")
    put_on_one_line(apps.get_model("connector", "ExactGrant"), "name", "region", once_in="tenant_id")


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0029_a_secret_to_prove'),
        ('tenants', '0005_verified_addresses'),
    ]

    operations = [
        migrations.AlterField(
            model_name='exactgrant',
            name='name',
            field=models.CharField(max_length=200, validators=[tenants.typed.validate_name]),
        ),
        migrations.AlterField(
            model_name='store',
            name='name',
            field=models.CharField(max_length=200, validators=[tenants.typed.validate_name]),
        ),
        migrations.RunPython(clean, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='exactgrant',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='grant_name_on_one_line', violation_error_message='A name stands on one line, without tabs or other control characters.'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='store_name_on_one_line', violation_error_message='A name stands on one line, without tabs or other control characters.'),
        ),
    ]
