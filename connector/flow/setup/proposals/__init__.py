"""The mapping that is proposed for a store and a division.

by_worker        has a worker propose, and keeps what it found
propose          reads both sides, and has the domain decide
orders           the store's latest orders, with the tax tables that they need
latest_invoices  what the division's latest invoices used
facts            all of it as the domain's facts
"""
