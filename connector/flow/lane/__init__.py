"""A lane is a division: its documents are worked on one after the other.

due        which documents of a lane are due, and which is next
waiting    which lanes have work
customers  which connections have customers whose details are due
slots      the threads of a queue process, and whether a lane waits for one
wakeup     the one door to the queue
"""
