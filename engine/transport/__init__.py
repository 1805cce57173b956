"""Sessions to a host: PowerShell (pypsrp), processes (pywinrm) and files (smbprotocol), and their errors.

Nothing here survives its session: connections, runspaces and what is known of them belong to one session
object and are used by one thread at a time.
"""

import logging

# These libraries log errors with their stack before they raise them. An error is reported once, by us; who
# wants the libraries' own records configures a handler for them.
for _library in ("pypsrp", "winrm", "smbprotocol", "spnego", "urllib3"):
    logging.getLogger(_library).addHandler(logging.NullHandler())
