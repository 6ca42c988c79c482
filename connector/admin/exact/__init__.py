"""The pages about Exact: consents, divisions and what was read from them.

consents          the consents, and how long each lasts
consent_pages     the way to Exact and back: connect, confirm, pick divisions
divisions         the divisions and their call budgets
items             the items that were found or made for SKUs
master_data       what each division has
closed_endpoints  endpoints that refused too often
"""
