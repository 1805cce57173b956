"""What things are: plain, immutable data that travels between rooms. No I/O, no Windows facts, no YAML."""
