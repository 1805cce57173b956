"""What CI runs, in Python where a shell script would be too long."""
