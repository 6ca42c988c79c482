"""Invented customers of a store with accounts in Exact, and the truth about who is who."""
