"""A customer is taken out of other tables, of one organisation only."""

from django.contrib.admin.models import CHANGE, LogEntry

from connector.domain.document.scrub import TAKEN, Scrub
from connector.flow.records.privacy import elsewhere
from connector.flow.records.privacy.subject import find
from connector.models import Alert, OrderSync
from tests.acme import Acme
from tests.factories import AlertFactory, MembershipFactory, TenantFactory, UserFactory
from tests.flow.by_hand import post
from tests.flow.records import canary
from tests.flow.records.canary import KEY, NAME, ORDER

JAN = Scrub([NAME])


def test_only_rows_of_the_organisation_are_read(acme: Acme) -> None:
    AlertFactory.create(tenant=acme.store.tenant, text=f"{NAME} waits", params={"name": NAME})
    AlertFactory.create(text=f"{NAME} waits")
    assert elsewhere.remove(acme.store.tenant, JAN) == 1
    assert elsewhere.remove(acme.store.tenant, JAN) == 0
    assert sorted(Alert.objects.values_list("text", flat=True)) == [f"{NAME} waits", f"{TAKEN} waits"]


def test_lines_of_somebody_who_works_for_two_organisations_are_left_to_the_other(acme: Acme) -> None:
    only_here, of_both = MembershipFactory.create(tenant=acme.store.tenant).user, UserFactory.create()
    for tenant in (acme.store.tenant, TenantFactory.create()):
        MembershipFactory.create(tenant=tenant, user=of_both)
    for user in (only_here, of_both):
        LogEntry.objects.create(user=user, object_repr=NAME, action_flag=CHANGE, change_message="")
    assert elsewhere.remove(acme.store.tenant, JAN) == 1
    assert LogEntry.objects.get(user=of_both).object_repr == NAME


def test_another_customers_order_that_names_the_account_is_found(acme: Acme) -> None:
    canary.rewrite(acme, ORDER)
    post(acme)
    post(acme, 1003)
    OrderSync.objects.filter(order_id=1003).update(message=f"7 {NAME} is like it.")
    assert elsewhere.remove_mentions(find(acme.store.tenant, KEY), JAN) == 1
    assert acme.document(1003).message == f"7 {TAKEN} is like it."
    assert acme.document(1003).customer != ""
    assert acme.document(ORDER).customer == NAME
