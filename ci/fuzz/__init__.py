"""Throws documents that nobody would write at the reading of manifests: none may crash it or make it hang."""
