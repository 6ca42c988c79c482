"""The worker's processes.

supervisor      runs django-q2's cluster and restarts it when it stands still
turns           gives a wake-up to a thread
heartbeat       says that a worker lives, and whether work stays undone
worker_missing  mails that no worker is seen any more
sweep           finds lanes with due work and wakes them
"""
