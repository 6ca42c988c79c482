"""Payments.

payments  reads what was paid of an order, and makes the rows of the receipts
receipt   books the receipt of one payment
"""
