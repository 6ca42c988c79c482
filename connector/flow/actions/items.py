"""Takes an item back that the connector made and that no invoice has: it is deleted in Exact."""

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients.errors import OutcomeUnknown, Rejected
from connector.clients.exact.client import ExactClient
from connector.clients.exact.items import delete_item, is_on_an_invoice, items_with_codes
from connector.flow import alerts
from connector.flow.actions.held_division import held
from connector.flow.actions.transaction import NotPossible, action_data, require_reason
from connector.flow.clock import database_now
from connector.models import ItemLink, MasterData, SyncEvent
from connector.models.kept_words import english
from connector.problems.calls import in_words
from tenants.models import User


def take_back(link: ItemLink, actor: User | None, reason: str) -> None:
    """Delete the item in Exact. The next order of its SKU makes it again. An item that somebody else made stays.

    Raises NotPossible when it is not ours, an invoice has it, or Exact refuses.
    """
    require_reason(reason)
    with held(link.division_id) as clients:
        link.refresh_from_db()
        if not link.made:
            raise NotPossible(_("The connector did not make this item, so it does not delete it."))
        if not link.item_id:
            raise NotPossible(_("Exact does not have this item."))
        _delete(link, clients.exact)
    with transaction.atomic():
        _forget(link, actor, reason)


def _delete(link: ItemLink, client: ExactClient) -> None:
    """Delete the item, unless it is gone already. Raises NotPossible and the client's errors."""
    if all(each.exact_id != link.item_id for each in items_with_codes(client, [link.code])):
        return
    if is_on_an_invoice(client, link.item_id):
        raise NotPossible(_("An invoice in Exact has item %(item)s, so it stays.") % {"item": link.code})
    try:
        delete_item(client, link.item_id)
    except OutcomeUnknown:
        raise NotPossible(_("It is not clear whether Exact deleted the item. Press again: Exact is asked.")) from None
    except Rejected as error:
        raise NotPossible(in_words(error)) from None


def _forget(link: ItemLink, actor: User | None, reason: str) -> None:
    items = MasterData.objects.filter(division=link.division_id, kind=MasterData.Kind.ITEM, exact_id=link.item_id)
    items.delete()
    link.item_id, link.sent_at, link.found_at, link.taken_back_at = "", None, None, database_now()
    link.save(update_fields=["item_id", "sent_at", "found_at", "taken_back_at"])
    text = english("Item %(item)s was taken back: %(reason)s") % {"item": link.code, "reason": reason}
    SyncEvent.objects.create(
        tenant=link.division.grant.tenant,
        kind=SyncEvent.Kind.ACTION,
        actor=actor,
        text=text,
        data={**text.said(), **action_data("take_back", reason), "about": alerts.about(link)},
    )
