"""Addresses for machines.

urls              the addresses
machine_requests  answers them without what only pages need
webhooks          BigCommerce's deliveries: checked, stored, answered
exact_webhooks    Exact's deliveries: checked, stored, answered
webhook_requests  what both have in common
request_ids       an id for each request
health            whether the process lives and can do its work
metrics           the figures of the installation, for Prometheus
access            who may see figures and details
consent           where people come back from Exact with a consent
"""
