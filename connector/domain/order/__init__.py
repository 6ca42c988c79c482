"""The order as the connector sees it, read from BigCommerce's JSON.

model        the order and its lines
buyer        whether the buyer is a company, or was redacted
read         BigCommerce's order, read
read_lines   what an order charges for, line by line
refund       BigCommerce's refunds, read
payments     the transactions that moved money
receipt      the receipt that books a payment
fields       one JSON field at a time
texts        names and addresses, made fit for one line
statuses     the order statuses by name
bare         the order and the draft without what tells who the customer is
edits        which changes of an order move money
vat_area     where a sale is taxed
vat_number   the customer's VAT number, checked for its form
"""
