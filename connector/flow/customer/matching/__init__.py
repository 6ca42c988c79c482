"""The account of every customer of a store, found without a call.

match       finds the account of each customer, without a call
candidates  the accounts that may be a customer's, for many at once
alike       compares who would get a new account with the store's other customers
matched     what matching says of one customer
outcomes    writes what matching came to
"""
