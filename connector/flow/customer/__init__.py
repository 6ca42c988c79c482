"""Customers and their accounts in Exact. From the bottom up:

copies     our copies of both sides' customers, so that matching and comparing need no call
account    the account of one order in Exact, and what it gets beside itself
matching   the account of every customer of a store, found without a call
both_ways  what changed on one side is carried to the other
runs       a pull, a push or a report over all customers of a connection
"""
