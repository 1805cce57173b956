"""What people write of a resource, lowered to its kind's spec: catalog, templates, files."""
