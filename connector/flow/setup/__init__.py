"""Connecting a store with a division.

provision          makes or updates a tenant from a file
connection_test    asks both sides whether everything is as posting needs it
settings_table     every setting of a connection, one row each
customer_settings  those of its rows that say whose account an order goes to
customer_detail_settings  those that say which details go where, and what a new account gets
item_settings      those about items
setting            what one row of that table is
codes              whether each code exists in the division
rule_versions      versions of the rules
first_read         reads it the first time, by a worker, list by list
master_data        reads a division's master data
daily_read         reads it again once a day
proposals          proposes a mapping for a store and a division
filed_terms        the terms of a connection that is only written down
recent_orders      reads a store's orders of the last days
divisions          which divisions a consent reaches and which are used
new_store          asks a store before it is saved, saves it, removes it
new_grant          saves the app of a consent, and removes a consent
store_info         what BigCommerce says of a store
fit                see if we fit: recent orders are translated, and nothing is posted
shadow             compares drafts with what was typed in by hand
progress           how far an organisation is with getting started
take_effect        what follows from a changed setting
"""
