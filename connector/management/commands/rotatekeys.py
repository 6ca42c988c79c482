"""`manage.py rotatekeys`: encrypt the stored credentials with the first SALT_KEY and the present SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tenants.rekey import renew_all


class Command(BaseCommand):
    """Encrypts all credentials in batches. It can be stopped and run again while web and worker run."""

    help = _("Encrypt all stored credentials under the first of SALT_KEY and the present SECRET_KEY.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Progress goes to standard error when that is a terminal.

        Raises CommandError when a credential cannot be decrypted.
        """
        count = renew_all(self._tell)
        text = _("%(seen)s credentials, %(renewed)s encrypted again, %(unreadable)s unreadable")
        self.stdout.write(text % {"seen": count.seen, "renewed": count.renewed, "unreadable": count.unreadable})
        if count.unreadable:
            raise CommandError(
                _(
                    "No key decrypts those, or they were put there from another place. Put the missing key back, in "
                    "SECRET_KEY_FALLBACKS or after the first of SALT_KEY, and run this again. Or enter the credentials "
                    "again."
                )
            )

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)
