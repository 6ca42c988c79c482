"""Names stand on one line. Older ones are put on one."""

import tenants.typed
from django.conf import settings
from django.db import migrations, models

from tenants.migrations._names import put_on_one_line


def clean(apps, schema_editor):
    put_on_one_line(apps.get_model("accounts", "SignUp"), "company", "email")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_sign_ups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='signup',
            name='company',
            field=models.CharField(max_length=200, validators=[tenants.typed.validate_name]),
        ),
        migrations.RunPython(clean, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='signup',
            constraint=models.CheckConstraint(condition=models.Q(('company__regex', '[\\u0001-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]'), _negated=True), name='signup_company_on_one_line', violation_error_message='A name stands on one line, without tabs or other control characters.'),
        ),
    ]
