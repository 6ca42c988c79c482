"""What changed in an order after its document was posted, and what follows: sentences that are read as one text."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

_CHANGED = Explanation(
    _("The order changed in BigCommerce after its document was posted."),
    _("An operator chooses on the document's page what is to be done, unless the connection decides."),
    "ledger",
    Person.OPERATOR,
)
_DECIDED = Explanation(
    _("The order changed in BigCommerce after its document was posted, and what follows is decided."),
    _("Nobody has to do anything. The history says what was done."),
    "ledger",
    Person.NOBODY,
)

_NEXT = Explanation(
    _("The order was edited, and its next invoice cannot be posted. So the one before is not credited either."),
    _("An accountant puts right what it names, then re-posts the credit note, or skips both documents."),
    "ledger",
)

ENTRIES: Final[Entries] = {
    Code.ORDER_CHANGED: Entry(_("The order changed after it was posted."), _CHANGED),
    Code.ORDER_FIELD_CHANGED: Entry(
        _("The order: %(changed)s was %(before)s and is now %(after)s."),
        _CHANGED,
    ),
    Code.LINE_FIELD_CHANGED: Entry(
        _("Line %(key)s: %(changed)s was %(before)s and is now %(after)s."),
        _CHANGED,
    ),
    Code.LINE_REMOVED: Entry(_('Line %(key)s, %(quantity)s x "%(name)s" for %(gross)s, was removed.'), _CHANGED),
    Code.LINE_ADDED: Entry(_('Line %(key)s, %(quantity)s x "%(name)s" for %(gross)s, was added.'), _CHANGED),
    Code.REFUND_MADE: Entry(_("Refund %(id)s of %(amount)s %(currency)s was made."), _CHANGED),
    Code.ORDER_UNDONE: Entry(_("The order was %(undone)s."), _CHANGED),
    Code.ORDER_ACTIVE_AGAIN: Entry(
        _("The order is active again (status %(status)s), and its invoice was credited."), _CHANGED
    ),
    Code.ORDER_ARCHIVED: Entry(
        _("The order was archived in BigCommerce. What was posted stays in Exact."),
        _CHANGED,
    ),
    Code.ORDER_GONE: Entry(
        _("BigCommerce does not have this order any more. What was posted stays in Exact."),
        _CHANGED,
    ),
    Code.REFUND_IGNORED: Entry(
        _("Refund %(id)s of %(amount)s %(currency)s was made; the connection ignores refunds."), _DECIDED
    ),
    Code.REFUND_NOT_CREDITED: Entry(
        _("Refund %(id)s of %(amount)s %(currency)s was made; it is not credited yet."), _CHANGED
    ),
    Code.REFUND_MAYBE_TYPED: Entry(
        _(
            "Refund %(id)s of %(amount)s %(currency)s was made, and a person has credited %(references)s. If that was "
            "this refund, choose Leave it; if not, choose Credit now, and it is credited as well."
        ),
        _CHANGED,
    ),
    Code.REFUND_CREDIT_FOLLOWS: Entry(
        _("Refund %(id)s of %(amount)s %(currency)s was made; its credit note follows."), _DECIDED
    ),
    Code.REFUND_PAYS_OUT: Entry(
        _(
            "Refund %(id)s of %(amount)s %(currency)s pays out what was credited when the order was cancelled; "
            "nothing follows."
        ),
        _DECIDED,
    ),
    Code.REFUND_TO_SETTLE: Entry(
        _("To settle by hand: %(amount)s %(currency)s, given back as store credit or gift certificate."), _DECIDED
    ),
    Code.REFUND_DECLINED: Entry(
        _("Refund %(id)s of %(amount)s %(currency)s was declined: no money went back, so nothing is credited for it."),
        _DECIDED,
    ),
    Code.AMOUNT_NOT_KNOWN: Entry(
        _("How much was given back is not known. Type it under Credit an amount, or choose Leave it."), _CHANGED
    ),
    Code.UNDONE_IGNORED: Entry(_("The order was %(undone)s; the connection ignores cancellations."), _DECIDED),
    Code.UNDONE_NOT_CREDITED: Entry(_("The order was %(undone)s; its invoice is not credited yet."), _CHANGED),
    Code.UNDONE_CREDITED: Entry(_("The order was %(undone)s; what remains of its invoice is credited."), _DECIDED),
    Code.EDIT_IGNORED: Entry(_("The connection ignores edits."), _DECIDED),
    Code.EDIT_CREDITED: Entry(_("What remains of its invoice is credited."), _DECIDED),
    Code.EDIT_WAITS: Entry(
        _(
            "This connection does not post orders with status %(status)s, so nothing is credited yet. It is looked at "
            "again when the status changes."
        ),
        _DECIDED,
    ),
    Code.EDIT_REPOSTED: Entry(_("Its invoice is credited and another one made."), _DECIDED),
    Code.REPOST_CHARGES_REFUND: Entry(
        _(
            "It was also refunded or cancelled, and another invoice would charge the refunded amount again. Correct "
            "it in Exact by hand, then choose 'leave it'."
        ),
        _CHANGED,
    ),
    Code.REPOST_IMPOSSIBLE: Entry(
        _("The order cannot be invoiced as it is now, so nothing is credited yet."), _CHANGED
    ),
    Code.NOTHING_TO_CREDIT: Entry(
        _(
            "Gift certificates, whose VAT was paid when they were sold, paid for all of invoice %(reference)s. Its "
            "total is 0.00, so no credit note takes back what it has on the accounts: %(accounts)s. Correct it in "
            "Exact by hand, then choose 'leave it'."
        ),
        _CHANGED,
    ),
    Code.NEXT_INVOICE_NOT_DUE: Entry(_("No invoice is due for the order as it is now: %(why)s"), _NEXT),
    Code.NEXT_INVOICE_HELD: Entry(
        _("The order's next invoice cannot be posted, so the one before is not credited."), _NEXT
    ),
    Code.TYPED_BY_HAND: Entry(
        _(
            "Its invoice was typed by hand, so the connector cannot make a credit note. Make it in Exact, then choose "
            "'leave it'."
        ),
        _CHANGED,
    ),
    Code.CHANGED_AFTER_DECISION: Entry(_("The order changed again after the decision."), _CHANGED),
    Code.LEFT_AS_IT_IS: Entry(_("Left as it is."), _DECIDED),
    Code.DECISION_NEEDED: Entry(_("Choose below what is to be done."), _CHANGED),
}
