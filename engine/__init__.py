"""Rollcall: configuration as code for a school district's Windows fleet."""
