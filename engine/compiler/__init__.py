"""Documents to desired resources per host, and their order."""
