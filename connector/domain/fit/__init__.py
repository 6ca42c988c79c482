"""What orders would become: each in numbers, and all of them added up. Nothing is posted for it.

outcome  what one order would become
add_up   the sums over many orders, and the causes that hold the others
five     the few orders that differ most from each other
moves    what other rules would move
"""
