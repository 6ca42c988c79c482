"""See if we fit: the orders of the last days are translated as they would be posted, and nothing is posted.

trial       the settings, the rules and the store with which orders are tried, and one tried order
run         tries orders in a worker, with progress
old_orders  what a backfill would do
"""
