"""Writes docs/reference from the models of the manifest language, so that it cannot say anything else."""
