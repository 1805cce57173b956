"""Use cases that write manifests for people: everything is checked before a file is touched."""
