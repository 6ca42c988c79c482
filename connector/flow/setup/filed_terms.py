"""The terms of a connection in the provision file's form, without a row: what orders would become with it."""

from collections.abc import Mapping
from typing import Any

from connector.domain.rules.chart import Chart
from connector.domain.rules.filed import read_rule_book
from connector.flow.order.terms import Terms, settings_of
from connector.flow.setup.provision.read_file import read_connection
from connector.flow.setup.settings_table import values_in
from connector.models import Connection, Division, Store


def terms_of_filed(store: Store, division: Division, filed: Mapping[str, Any], chart: Chart) -> Terms:
    """Return the terms. No first day limits the orders. Raises provision's Refused for what the form does not allow."""
    checked = read_connection({"store": store.store_hash, "division": division.code, **filed})
    values = {**values_in(checked), "start_date": None}
    connection = Connection(store=store, division=division, **values)
    return Terms(settings_of(connection), read_rule_book(checked), None, chart, division)
