"""Plan and run documents drawn for people and machines. Pure: a drawing depends on its document only.

What a host or a manifest says is not trusted: it cannot colour a terminal, break out of a code block or
become HTML. `clean` in `visible.py` is the first gate of every drawing; each format adds its own.
"""
