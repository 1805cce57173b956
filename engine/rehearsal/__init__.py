"""Simulated Windows hosts that speak real WinRM and SMB; imports nothing from the rest of the engine."""
