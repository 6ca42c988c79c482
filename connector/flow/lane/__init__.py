"""A lane is a division: its documents are worked on one after the other.

due     which documents are due
wakeup  the one door to the queue
"""
