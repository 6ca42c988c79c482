"""`manage.py provision FILE`: make or update a tenant from a JSON file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.clients import strict_json
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused


class Command(BaseCommand):
    """Reads the file, checks it with both vendors, writes all of it or nothing, and prints the result as JSON."""

    help = _("Make or update a tenant from a JSON file (- reads standard input). Running it twice changes nothing.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and whether hooks are made."""
        parser.add_argument("file", help=_("the provision file, or - for standard input"))
        parser.add_argument("--no-hooks", action="store_true", help=_("leave the stores' webhooks alone"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Progress goes to standard error. Raises CommandError when the file is refused."""
        try:
            data = _read(options["file"])
            result = provision(data, with_hooks=not options["no_hooks"], tell=self.stderr.write)
        except Refused as error:
            text = _("Refused; nothing was changed (tokens exchanged on the way are kept):\n%(reasons)s")
            raise CommandError(text % {"reasons": error}) from None
        self.stdout.write(json.dumps(result, indent=1))


def _read(name: str) -> object:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(error)s.") % {"file": name, "error": error.strerror}) from None
    try:
        return strict_json.load(raw)
    except ValueError as error:
        raise CommandError(_("%(file)s is not JSON: %(error)s") % {"file": name, "error": error}) from None
