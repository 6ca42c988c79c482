"""The customer's account in Exact.

accounts    finds the account of an order, or creates it
delivery    the delivery address on it
directory   keeps a copy of the division's accounts for matching
deleted     takes accounts that were deleted in Exact out of the directory
subscription  has Exact report changed accounts
missing     forgets an account that Exact does not have any more
store_copy  keeps a copy of the store's customers
store_rows  a customer of the store as a row of that copy
forgotten   keeps the data of a customer who was forgotten from coming back
again       takes such a customer up again, with the next order
"""
