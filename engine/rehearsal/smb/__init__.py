"""The SMB 3.1.1 server of a simulated host."""
