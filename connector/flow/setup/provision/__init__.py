"""Provision: make or update a tenant from one JSON file, all or nothing.

read_file (is it well formed?) → ownership (is it theirs?) → ask_vendors (tokens, master data, store) → codes (do they
exist?) → apply (one transaction). `schema` has the parts that the file's form is made of.
"""
