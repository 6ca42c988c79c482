"""The product: orders of BigCommerce stores become documents in Exact Online.

api         addresses for machines: the webhook, the health checks, the way back from a consent
admin       the portal's pages
onboarding  the landing page, and Get started
management  the commands
tasks       what the queue calls
flow        what happens to an order, from the delivery to the posted document
problems    the catalogue of problems: each code in words
models      the rows
clients     the two vendors' APIs
domain      the decisions, without a database or a network
sandbox     a fake BigCommerce and a fake Exact, for the demo and the tests
apps        the Django app
"""
