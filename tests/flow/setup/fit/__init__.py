"""The sandbox's orders were placed in January; a year back is all of them."""

YEAR = 366
