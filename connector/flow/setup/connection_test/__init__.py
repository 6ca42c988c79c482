"""The connection test: both vendors are asked by reading only.

run           the whole test
store_side    the store's side
new_store     a store that is not saved yet
new_division  a division that is not used yet
exact_side    Exact's side, right by right
used_codes    every code that settings and rules name
findings      what the test found, and what to do
"""
