"""Provision: makes or updates a tenant from one JSON file, all or nothing.

run          the whole of it, in the order of the steps below
read_file    1. is the file well formed?
ownership    2. are the store and the division theirs?
ask_vendors  3. tokens, master data, the store
apply        4. writes everything in one transaction
export       the same file back, without secrets
schema       the parts that the file's form is made of
"""
