"""Builds small, real installers for the sample district and the tests: the same input, the same bytes."""
