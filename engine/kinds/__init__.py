"""Kinds of resources: one file each, pure functions, no I/O. `table.py` lists them."""
