"""What a document costs, against the same calls made alone: `make bench`."""
