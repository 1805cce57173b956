"""Installers as they describe themselves: read with suspicion, and never run."""
