"""Names stand on one line. Older ones are put on one."""

import tenants.typed
from django.db import migrations, models

from tenants.migrations._names import put_on_one_line


def clean(apps, schema_editor):
    put_on_one_line(apps.get_model("tenants", "Tenant"), "name", "slug")
    put_on_one_line(apps.get_model("tenants", "User"), "name", "email")


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tenants', '0005_verified_addresses'),
    ]

    operations = [
        migrations.AlterField(
            model_name='tenant',
            name='name',
            field=models.CharField(max_length=200, validators=[tenants.typed.validate_name]),
        ),
        migrations.AlterField(
            model_name='user',
            name='name',
            field=models.CharField(blank=True, max_length=200, validators=[tenants.typed.validate_name]),
        ),
        migrations.RunPython(clean, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='tenant_name_on_one_line', violation_error_message='A name stands on one line, without tabs or other control characters.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='user_name_on_one_line', violation_error_message='A name stands on one line, without tabs or other control characters.'),
        ),
    ]
