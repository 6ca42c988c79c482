"""What the demo needs besides the sandbox.

installation   starts and stops web and worker
invoice_check  compares the stores' orders with Exact's invoices
credit_check   the same after refunds, cancellations and edits, with the credit notes
"""
