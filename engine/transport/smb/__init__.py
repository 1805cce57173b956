"""Files, permissions and the lease over SMB, through smbprotocol."""
