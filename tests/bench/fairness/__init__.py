"""What a shop with one order waits beside busy shops, and how a worker stops: a real worker and slow fakes.

run    deliver, wait, look into the queue, stop
"""
