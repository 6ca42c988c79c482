"""The order, fetched and ready to be translated.

fetch        reads the order from BigCommerce
details      reads what rules ask beyond it, then translates
terms        a connection's settings, rules and chart
known_items  the items that were found or made for SKUs before
chart        a division's master data as the domain reads it
master_rows  stores master data as it was read, and reads some of it again
"""
