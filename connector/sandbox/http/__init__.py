"""What both fakes share.

server    an HTTP server on loopback with a call log and a control interface
messages  requests and answers
faults    faults on request
"""
