"""An emulated Windows PowerShell 5.1: binds and runs typed commands on a simulated host's state."""
