"""Provision: make or update a tenant from one JSON file, all or nothing.

shape (is it well formed?) → ownership (is it theirs?) → far_side (tokens, master data, store) → codes (do they
exist?) → apply (one transaction).
"""
