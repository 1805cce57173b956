"""YAML to documents: positioned trees, document models, values. Knows no kind and no host's state."""
