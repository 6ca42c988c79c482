"""Calls to the vendors.

clients          the one place that makes the vendors' clients
history          each call, written down
rate_limits      how many calls are left
one_statement    takes a call with one statement, when nothing else changed
within_budget    waits for a vendor's next window of calls
circuit_breaker  stops calling an endpoint that refuses too often
access_tokens    Exact's tokens, refreshed by one process at a time
reconnect        a store or a consent that only a person can connect again
"""
