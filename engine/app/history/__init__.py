"""Use cases that look at commits: what a change of the manifests changes, and which revision they are."""
