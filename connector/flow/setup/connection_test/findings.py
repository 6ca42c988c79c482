"""The findings of a connection test: one sentence each, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients import errors
from connector.clients.rows import OddRow
from connector.flow.leases import LeaseLost
from connector.problems.calls import in_words
from connector.problems.catalogue import EXACT, STORE, explain_right
from tenants.unreadable import UnreadableSecret

STORE_SIDE, EXACT_SIDE = "bigcommerce", "exact"
VENDORS = {STORE_SIDE: STORE, EXACT_SIDE: EXACT}
PAGES = {STORE_SIDE: "store", EXACT_SIDE: "grant"}
# What a refusal is about, by Exact's header Reason. After these, Exact refuses every further call too.
REASONS = {
    "BlockedUser": gettext_lazy("user"),
    "InactiveUser": gettext_lazy("user"),
    "BlockedCustomer": gettext_lazy("licence"),
    "LicenseExpired": gettext_lazy("licence"),
    "DivisionBlocked": gettext_lazy("division"),
    "NoDivisionAccess": gettext_lazy("division"),
}
# A delivery's signature allows five minutes. A warning comes earlier.
MOST_CLOCK_DIFFERENCE = timedelta(minutes=2)
# What a client can raise, and what is raised when a credential cannot be decrypted.
FAILURES = (errors.ClientError, LeaseLost, UnreadableSecret, ValueError)


def named_elsewhere(odd: OddRow) -> None:
    """Leave out a row of a list that cannot be read. An alert names it when the list is read for its use."""


def _nothing() -> str:
    return _("Nothing to do.")


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `ok` is None for a hint, or when the result is unknown and not needed.

    `page` is the page where a person fixes it, a key of `admin.documents.explanation`; "" when there is none.
    """

    side: str
    name: str
    ok: bool | None
    text: str
    what_to_do: str = field(default_factory=_nothing)
    page: str = ""


def collect_findings(side: str, steps: Iterator[Finding]) -> list[Finding]:
    """Collect findings until the steps end or a failure stops them. The failure then is the last finding."""
    found: list[Finding] = []
    try:
        for finding in steps:
            found.append(finding)  # one by one, to keep the findings before a failure
    except FAILURES as failure:
        found.append(_failure_finding(side, failure))
    return found


def compare_clocks(side: str, off: timedelta) -> Finding:
    """Compare this machine's clock with the vendor's. `off` is our time minus the vendor's."""
    seconds = round(abs(off).total_seconds())
    if abs(off) <= MOST_CLOCK_DIFFERENCE:
        text = _("The clocks differ by %(seconds)s s.")
        return Finding(side, _("clock"), True, text % {"seconds": seconds})
    text = (
        _("This machine's clock is %(seconds)s s ahead of %(vendor)s's.")
        if off > timedelta()
        else _("This machine's clock is %(seconds)s s behind %(vendor)s's.")
    )
    return Finding(
        side,
        _("clock"),
        False,
        text % {"seconds": seconds, "vendor": VENDORS[side]},
        _("The person who runs this machine sets its clock by NTP. Deliveries that seem too old are refused."),
    )


def _failure_finding(side: str, failure: Exception) -> Finding:
    vendor, page = VENDORS[side], PAGES[side]
    rest = _("The rest of this side was not tested.")
    match failure:
        case errors.Unauthorized() | errors.Reconnect():
            name, todo = _("token"), _new_token(side)
        case errors.Forbidden():
            advice = explain_right(vendor, failure.reason, failure.detail)
            text = f"{advice.what_happened} {rest}"
            name = str(REASONS.get(failure.reason) or _("access"))
            return Finding(side, name, False, text, str(advice.who), advice.where)
        case errors.RateLimited():
            name, page = _("call limit"), ""
            todo = _("Wait some minutes, then test again.")
            if failure.until:
                todo = _("Wait until %(time)s UTC, then test again.") % {"time": f"{failure.until:%H:%M}"}
        case UnreadableSecret():
            name = _("credentials")
            todo = _("The person who runs this machine puts the missing key back, or an owner enters them again.")
        case ValueError():
            name, todo = _("credentials"), _("Correct what is entered there.")
        case _:
            name, page = _("reachable"), ""
            todo = _(
                "Test again in some minutes. If it fails again, see whether %(vendor)s reports trouble and this "
                "machine may reach the internet."
            ) % {"vendor": vendor}
    return Finding(side, name, False, f"{_sentence(in_words(failure))} {rest}", todo, page)


def _new_token(side: str) -> str:
    if side == STORE_SIDE:
        return _(
            "Make an API account in the store's control panel (Settings, Store-level API accounts) and enter its "
            "client id, client secret and access token here. Orders wait for it, and none is lost."
        )
    return _("An owner presses Connect to Exact at the consent and logs in. Orders wait for it, and none is lost.")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
