"""What is kept of a customer is emptied and marked; conflicts that waited for a person are closed."""

from connector.domain.document.scrub import Scrub
from connector.flow.actions.customers import unlink
from connector.flow.records.privacy import customer
from connector.flow.records.privacy.subject import find
from connector.models import (
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    CustomerMatch,
    DirectoryAccount,
    StoreCustomer,
)
from tests.acme import Acme
from tests.flow.by_hand import post
from tests.flow.customer.locks import locked
from tests.flow.records import canary
from tests.flow.records.canary import KEY, NAME, ORDER


def removed(acme: Acme) -> bool:
    """Whether there was anything."""
    return customer.remove(find(acme.store.tenant, KEY), Scrub([NAME]), None, more=False)


def test_the_link_and_the_account_keep_their_ids_and_codes(acme: Acme) -> None:
    canary.rewrite(acme, ORDER)
    post(acme)
    before = CustomerLink.objects.get(customer_key=KEY)
    assert removed(acme)
    link = CustomerLink.objects.get(customer_key=KEY)
    assert (link.account_id, link.account_code, link.search_code) == (
        before.account_id,
        before.account_code,
        before.search_code,
    )
    assert (link.name, link.account_name, link.addresses) == ("", "", {})
    assert link.forgotten_at is not None
    account = DirectoryAccount.objects.get(account_id=link.account_id)
    assert (account.code, account.search_code) == (before.account_code, before.search_code)
    assert (account.name, account.email, account.address) == ("", "", "")


def test_matches_are_locked_before_the_division_and_links_after_it(acme: Acme) -> None:
    post(acme)
    order = ["customermatch", "division", "customerlink"]
    assert locked(lambda: removed(acme), *order) == order


def test_a_customer_whom_the_store_was_not_asked_for_has_a_row_that_keeps_a_pull_empty(acme: Acme) -> None:
    post(acme)
    assert removed(acme)
    row = StoreCustomer.objects.get(customer_key=KEY)
    assert row.forgotten_at is not None
    assert row.name == ""
    assert not removed(acme)


def test_the_history_keeps_which_details_changed(acme: Acme) -> None:
    post(acme)
    canary.scatter(acme)
    removed(acme)
    event = CustomerEvent.objects.get(kind="to_exact")
    assert (event.before, event.after) == ({"email": ""}, {"email": ""})
    assert CustomerEvent.objects.filter(kind="forgotten", customer_key=KEY).count() == 1
    assert not CustomerMatch.objects.exists()


def test_a_conflict_is_left_as_it_is_on_both_sides(acme: Acme) -> None:
    post(acme)
    canary.scatter(acme)
    removed(acme)
    conflict = CustomerConflict.objects.get()
    assert (conflict.store_values, conflict.decision) == ({"email": ""}, "neither")
    assert conflict.decided_at is not None


def test_an_account_that_was_taken_away_keeps_its_search_code_so_that_no_second_one_is_made(acme: Acme) -> None:
    canary.rewrite(acme, ORDER)
    post(acme)
    link = CustomerLink.objects.get(customer_key=KEY)
    had = link.account_id
    unlink(link, None, "wrong")
    assert removed(acme)
    account = DirectoryAccount.objects.get(account_id=had)
    assert (account.name, account.email, account.search_code) == ("", "", f"NLS-{KEY}")
