"""Authenticode signatures: made for the stand-ins of installers, verified by simulated hosts."""
