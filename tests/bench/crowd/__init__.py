"""Many organisations at once on PostgreSQL, by real processes, of which one is killed every few seconds.

world         the sandbox with a shop and a division for each organisation
installation  a database and an environment of its own
processes     two web servers and three workers
run           provision, deliver, kill, wait
outcome       what became of the orders: each exactly once, and how long each organisation waited
"""
