"""Our copies of both sides' customers, so that matching and comparing need no call.

directory   keeps a copy of the division's accounts for matching
store_copy  keeps a copy of the store's customers
store_rows  a customer of the store as a row of that copy
deleted     takes accounts that were deleted in Exact out of the directory
missing     forgets an account that Exact does not have any more
forgotten   keeps the data of a customer who was forgotten from coming back
"""
