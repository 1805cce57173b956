"""The use cases: what the command line and the console call, and the only place where rooms are wired."""
