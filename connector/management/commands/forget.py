"""`manage.py forget`: remove the personal data of one customer, or write down what is kept of one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.records.forget import Busy, Unfinished, forget
from connector.flow.records.privacy import export
from connector.flow.records.privacy.documents import Changing
from connector.flow.records.privacy.subject import InSeveralStores, NotFound, Subject, find
from connector.models import Store
from tenants.models import Tenant


class Command(BaseCommand):
    """Forgets a customer. With `--export` it only writes a file, and forgets nothing."""

    help = _("Remove the personal data of one customer; numbers, amounts and accounts stay. Neither side is called.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the customer and the file."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--customer", required=True, metavar="ID", help=_("the store's id, or a guest's key (G…)"))
        parser.add_argument("--store", default="", metavar="HASH", help=_("the store, when several have the customer"))
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FILE",
            help=_("write all that is kept into a new file; nothing is forgotten"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the two. Raises CommandError for what cannot be done."""
        subject = _find(options["tenant"], options["customer"], options["store"])
        if options["export"] is None:
            self._forget(subject)
        else:
            self._export(subject, options["export"])

    def _export(self, subject: Subject, path: Path) -> None:
        try:
            export.write(subject, path)
        except FileExistsError:
            raise CommandError(_("%(file)s is there already, and is not overwritten.") % {"file": path}) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        self.stdout.write(_("Written to %(file)s. Nothing was forgotten.") % {"file": path})

    def _forget(self, subject: Subject) -> None:
        try:
            done = forget(subject)
        except Unfinished as error:
            text = _(
                "Documents of these orders are not finished, or a change of them waits for a person: %(orders)s. "
                "Post, skip or decide them first. Nothing was forgotten."
            )
            raise CommandError(text % {"orders": ", ".join(map(str, error.orders))}) from None
        except Changing as error:
            text = _("A worker has order %(order)s now. Run the command again.")
            raise CommandError(text % {"order": error.document.order_id}) from None
        except Busy as error:
            text = _(
                "A worker has %(division)s now, so not all of the customer's data was removed. Run the command again "
                "in a minute."
            )
            raise CommandError(text % {"division": error.division}) from None
        if not done.changed:
            self.stdout.write(_("The customer is forgotten already. Nothing was left."))
            return
        text = _("Forgotten: personal data was removed from %(documents)s documents and %(others)s other rows.")
        self.stdout.write(text % {"documents": done.documents, "others": done.others})
        self.stdout.write(_("BigCommerce and Exact keep what they have; remove it there too."))


def _find(slug: str, customer: str, store: str) -> Subject:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": slug})
    if store and not Store.objects.filter(tenant=tenant, store_hash=store).exists():
        raise CommandError(_("The tenant has no store '%(store)s'.") % {"store": store})
    try:
        return find(tenant, customer, store)
    except NotFound:
        text = _(
            "Nothing is kept of a customer '%(customer)s'. Give the store's id, or a guest's key as G3f9a01b2c4d5."
        )
        raise CommandError(text % {"customer": customer}) from None
    except InSeveralStores as error:
        text = _("Several stores have a customer '%(customer)s': %(stores)s. Name one with --store.")
        raise CommandError(text % {"customer": customer, "stores": ", ".join(error.hashes)}) from None
