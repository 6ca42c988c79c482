"""Reads a division's master data from Exact within the call budget."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.clients.rows import Odd, OddRow
from connector.flow import odd_rows
from connector.flow.outbound.within_budget import PATIENCE, Tell, within_budget
from connector.flow.setup.provision.schema import Unfit
from connector.models import Division, MasterData
from connector.problems.odd_rows import in_words as row_in_words

# Without these nothing can be checked or posted. The others may be missing or not readable.
NEEDED = {
    MasterData.Kind.GL_ACCOUNT: gettext_noop("Division %(division)s: its GL accounts may not be read. %(error)s"),
    MasterData.Kind.VAT_CODE: gettext_noop("Division %(division)s: its VAT codes may not be read. %(error)s"),
    MasterData.Kind.JOURNAL: gettext_noop("Division %(division)s: its journals may not be read. %(error)s"),
    MasterData.Kind.ITEM: gettext_noop("Division %(division)s: its items may not be read. %(error)s"),
}
# This app, user or licence may not read the endpoint, or the region does not have it.
NO_ACCESS = (errors.Forbidden, errors.NotFound, errors.Rejected)


def pull(client: ExactClient, tell: Tell, patience: int = PATIENCE) -> list[MasterRecord]:
    """Read a division's master data. Raises Unfit when needed data may not be read, and ClientError.

    `patience`: for each kind, how many times a read waits for the next minute's budget. A record that cannot be read
    is left out; `tell` names it, and so does an alert of a division that we know.
    """
    odd: list[OddRow] = []
    found = [record for kind in MasterData.Kind.values for record in _pull(client, kind, tell, patience, odd)]
    for row in odd:
        text = _("Division %(division)s: left out, because it cannot be read: %(row)s")
        tell(text % {"division": client.division, "row": row_in_words(row)})
    for division in Division.objects.filter(code=client.division).select_related("grant__tenant"):
        odd_rows.report(division.grant.tenant, division, "master_data", odd)
    return found


def _pull(client: ExactClient, kind: str, tell: Tell, patience: int, odd: list[OddRow]) -> list[MasterRecord]:
    note = noted(kind, odd)
    try:
        return within_budget(lambda: list(client.master_data(kind, note)), tell, patience)
    except NO_ACCESS as error:
        if kind in NEEDED:
            given = {**error.given, "division": client.division, "error": error.words}
            raise Unfit(NEEDED[MasterData.Kind(kind)], given, error.place_and_detail) from None
        return []


def noted(kind: str, odd: list[OddRow]) -> Odd:
    """Return what adds to `odd` the rows of a kind that cannot be read."""

    def note(row: OddRow) -> None:
        with override(None):  # without a language a text stays as it stands in the code
            odd.append(replace(row, what=str(MasterData.Kind(kind).label)))

    return note
