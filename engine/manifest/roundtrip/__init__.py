"""Manifests as they are laid out: read with their comments, put in one form, replaced safely."""
