"""What is kept of one customer of a store: found, written to a file, and removed.

columns    which columns may tell who a customer is, and what becomes of each
subject    finds everything that belongs to one customer
export     writes it down for the customer
documents  removes it from a document and its history, so that the chain stays valid
elsewhere  removes it from where it stands among other things
customer   removes it from what is kept of the customer
"""
