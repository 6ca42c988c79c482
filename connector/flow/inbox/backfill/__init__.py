"""Backfill: the orders from before a connection come into its ledger, and those that Exact has already are found.

days         the connection and the days of a run, and what is wrong with them
estimate     how many orders, calls and days it takes
run          begins, pauses and stops a run, and does its turns
read         keeps Exact's documents and the store's orders, page by page
compare      says of each order whether Exact has it
into_ledger  gives each order its row
typed_since  finds what was typed into Exact since, before an order is posted
"""
