"""The customer's account in Exact.

accounts   finds the account of an order, or creates it
directory  the division's accounts, kept to match against
"""
