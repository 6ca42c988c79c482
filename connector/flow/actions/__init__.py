"""What a person may do. Each action takes the person (None: from the shell) and the reason.

An action raises NotPossible, with a sentence for a person, when the state does not allow it.

documents         retry, refetch, re-post, skip, approve
link              an invoice that was typed by hand in Exact
change_decisions  what follows from a change after posting
bulk_repost       many documents, cause by cause
connections       run, pause, resume, and what is done to a store or a division
rules             use an old version of the rules again
transaction       what all actions share
"""
