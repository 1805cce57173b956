"""Desired against observed: differences, ownership, order. Pure: no host is spoken to here."""
