"""Each column of texts or JSON of our tables is forgotten, searched or kept for a reason: a new one must be one too."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from django.apps import apps
from django.db import models

from connector.flow.customer.copies.forgotten import PERSONAL_OF_ACCOUNT, PERSONAL_OF_CUSTOMER
from connector.flow.records.privacy.columns import SEARCHED

TEXTS = (models.CharField, models.TextField, models.JSONField)
PAGE = Path("docs/privacy.md")
FORGOTTEN: Mapping[str, str] = {
    "StoreCustomer": " ".join((*PERSONAL_OF_CUSTOMER, "addresses")),
    "DirectoryAccount": " ".join((*PERSONAL_OF_ACCOUNT, "search_code")),
    "CustomerLink": "name account_name addresses store_base exact_base stays ordered_as",
    "CustomerConflict": "store_values exact_values",
    "CustomerEvent": "before after problems",
    "OrderSync": "customer email message params problems order_data draft exact_data",
    "SyncEvent": "text data sent answered",
    "Delivery": "body",
    "BackfillDocument": "account_name description",
    "ShadowDocument": "account_name description",
    "BackfillOrder": "marks",
    "FitOrder": "order_data",
}
"""Emptied, or left without the person, in the rows that are about the customer."""


KEPT: Mapping[str, Mapping[str, str]] = {
    "a number, a code, a hash or a word of the connector's": {
        "Alert": "cause code page",
        "BackfillDocument": "exact_id number your_ref order_number account currency",
        "BackfillOrder": "currency outcome found",
        "BackfillRun": "state step seen_until lease_holder",
        "Breaker": "endpoint errors documents refused let_through by_hand",
        "BulkRun": "state",
        "Chain": "hash",
        "CustomerConflict": "group decision",
        "CustomerEvent": "kind origin group",
        "CustomerLink": "matched_by not_accounts contact_id",
        "CustomerMatch": "outcome choice",
        "CustomerRun": "what state step lease_holder",
        "DailyCount": "currency",
        "Delivery": "webhook_id scope event_hash proof signature request",
        "DirectoryAccount": "status payment_condition vat_code",
        "Discrepancy": "kind currency remedy state figures",
        "Division": "region name currency country lease_holder webhook_id closed_periods",
        "ExactDelivery": "topic action record_id digest request",
        "FitRun": "rules state five lease_holder",
        "OrderSync": "kind state step reason code cause request delivered decision reviewed form unclear",
        "ReconciliationRun": "zone state lease_holder",
        "RunDocument": "country method",
        "ShadowDocument": "exact_id number your_ref order_number account currency payment_condition",
        "ShadowRun": "state lease_holder",
        "SyncEvent": "kind hash seal",
        "Tally": "name label",
        "Worker": "name",
    },
    "the fiscal record: which document is booked where, and on which account": {
        "CustomerEvent": "customer_key account_id",
        "CustomerLink": "customer_key search_code account_id account_code",
        "StoreCustomer": "customer_key",
        "DirectoryAccount": "account_id code vat_number country",
        "OrderSync": "reference exact_id exact_number currency payment_status",
        "Discrepancy": "reference exact_id exact_number",
        "ShadowDocument": "vat_codes gl_accounts cost_centers",
    },
    "a setting of the organisation, or what its books have": {
        "Connection": (
            "mode paused_mode schedule document invoice_template journal post_statuses customer_strategy "
            "guest_strategy customer_direction collective_account complete_vat placeholder_emails names_owner "
            "contact_owner addresses_owner vat_number_owner payment_condition_owner customer_conflicts "
            "collective_by_country chamber_fields peppol_fields account_rules item_strategy item_default item_bundles "
            "item_new_group item_new_unit item_new_vat_code "
            "item_shipping item_handling item_wrapping item_fee item_gift_certificate item_rounding "
            "rounding_gl_account vat_rounding vat_number_fields refunds cancellations edits credit_sign "
            "order_refund_vat invoice_date closed_period gift_certificates b2b_foreign_vat payments receipt_journal "
            "receivable_account gift_certificate_account store_credit_account closed_months"
        ),
        "ItemLink": "code_key code sku name item_id",
        "ExactGrant": "credentials_set name region client_id imported_fingerprints reachable state lease_holder",
        "MappingRule": "when gl_account cost_center cost_unit item vat_code warehouse",
        "RuleVersion": "sku_items",
        "MasterData": "kind code name exact_id data",
        "PaymentRule": "when code",
        "Store": ("credentials_set name store_hash client_id webhook_auth prefix currency country timezone state"),
        "Tenant": "slug name timezone language",
        "VatRule": "when code tax_as_line",
    },
    "of the organisation's own people, who are no customers": {
        "ConsentRequest": "state_hash session_hash exact_user_id exact_user_name reachable refusal concerns",
        "ExactGrant": "consented_by exact_user_id exact_user_name",
        "Membership": "role",
        "Tenant": "alert_emails",
        "User": "password email name language",
    },
    "a secret, sealed": {
        "ConsentRequest": "pair client_secret",
        "ExactGrant": "client_secret webhook_secret access_token refresh_token",
        "Store": "client_secret access_token hook_secret hook_secret_previous",
    },
}
"""Kept, by the reason."""


def of_tables() -> dict[str, set[str]]:
    """The columns of texts and JSON of our tables."""
    ours = [*apps.get_app_config("connector").get_models(), *apps.get_app_config("tenants").get_models()]
    return {
        model.__name__: {field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)}
        for model in ours
    }


def classified() -> dict[str, set[str]]:
    """The columns that are classified."""
    found = defaultdict[str, set[str]](set)
    for table in (FORGOTTEN, *KEPT.values()):
        for name, columns in table.items():
            found[name] |= set(columns.split())
    for model, (_path, searched) in SEARCHED.items():
        found[model.__name__] |= set(searched)
    return found


def test_every_column_is_classified() -> None:
    known = classified()
    assert {name: columns - known[name] for name, columns in of_tables().items() if columns - known[name]} == {}


def test_every_classified_column_is_there() -> None:
    there = of_tables()
    gone = {name: columns - there[name] for name, columns in classified().items() if name in there}
    assert not any(gone.values()), gone


def test_no_column_is_both_kept_and_forgotten() -> None:
    for table in KEPT.values():
        for name, columns in table.items():
            assert not set(columns.split()) & set(FORGOTTEN.get(name, "").split()), name


def test_the_page_says_what_becomes_of_each_table() -> None:
    page = PAGE.read_text()
    for name in {*FORGOTTEN, *(model.__name__ for model in SEARCHED)}:
        assert f"`{name}`" in page, name
    for reason in KEPT:
        assert reason in " ".join(page.split()), reason
