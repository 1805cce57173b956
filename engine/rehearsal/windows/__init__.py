"""One simulated Windows host: its state and what acts on it. No network here."""
