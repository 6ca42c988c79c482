"""`manage.py export TENANT`: print a tenant's provision file, without secrets."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.setup.provision.export import export
from tenants.models import Tenant


class Command(BaseCommand):
    """Prints one JSON object. When the secrets are added again, `provision` accepts it and changes nothing."""

    help = _("Print a tenant as the provision file that would make it, without secrets.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant."""
        parser.add_argument("tenant", help=_("the tenant's slug"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it. Raises CommandError for an unknown tenant."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        self.stdout.write(json.dumps(export(tenant), indent=1, ensure_ascii=False))
