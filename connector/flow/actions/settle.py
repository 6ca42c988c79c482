"""Says that a person has settled the store credit or the gift certificates of a document in Exact."""

from django.utils.translation import gettext as _

from connector.domain.document.codes import Code
from connector.domain.money import plain
from connector.flow.actions.transaction import NotPossible, action_data, by_hand
from connector.flow.ledger import to_settle, transitions
from connector.models import OrderSync
from connector.models.kept_words import english
from tenants.models import User

_OF_SETTLING = {Code.VOUCHERS_OF_CANCELLED, Code.GIVEN_BACK_OF_CANCELLED}


def settle(document: OrderSync, actor: User | None, reason: str) -> None:
    """Take the amount off the list of what is to be settled by hand. Nothing is booked.

    Raises NotPossible, also when the amount is not the one that the person saw, or is settled already.
    """
    if not to_settle.waiting(OrderSync.objects.filter(pk=document.pk)).exists() or document.to_settle is None:
        raise NotPossible(_("Nothing of it waits to be settled by hand."))
    others = tuple(each for each in document.causes if each.code not in _OF_SETTLING)
    settled = {**action_data(to_settle.SETTLE, reason), "settled": plain(document.to_settle)}
    with by_hand(None, reason):
        if not OrderSync.objects.filter(pk=document.pk, to_settle=document.to_settle).update(to_settle=None):
            raise NotPossible(_("The amount changed just now. Look at the document again, then press Settle."))
        transitions.note(
            document,
            english("Settle: %(reason)s") % {"reason": reason},
            actor=actor,
            data=settled,
            to_settle=None,
            **(transitions.causes(others) if len(others) < len(document.causes) else {}),
        )
