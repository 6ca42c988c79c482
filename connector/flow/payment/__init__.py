"""Payments.

receipt  books the captured payments of a posted invoice
"""
