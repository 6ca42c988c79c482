"""What a document waits for, and what became of a write or of the worker before it: it goes on by itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry
from connector.problems.failures import BUSY

ENTRIES: Final[Entries] = {
    Code.WAITS_FOR_INVOICE: Entry(_("Waits until %(noun)s %(reference)s is posted."), BUSY),
    Code.WAITS_FOR_CREDIT_NOTE: Entry(_("Waits until credit note %(reference)s is posted."), BUSY),
    Code.WAITS_FOR_RECEIPT: Entry(_("Waits until the receipt of the voided payment is booked."), BUSY),
    Code.FOUND_IN_EXACT: Entry(_("Found in Exact as %(document)s; going on with it."), BUSY),
    Code.NOT_IN_EXACT: Entry(_("Exact does not have it: it was not found twice. Sending it again."), BUSY),
    Code.NOT_DELETED: Entry(_("%(Document)s was not deleted; trying again."), BUSY),
    Code.DELETED: Entry(_("Deleted %(document)s; making it again."), BUSY),
    Code.WORKER_STOPPED: Entry(
        _("The worker stopped before anything was sent. The order goes to the back of its lane."), BUSY
    ),
    Code.WORKER_STOPPED_WRITING: Entry(
        _("The worker stopped during a write. The connector will search Exact for the document."), BUSY
    ),
}
