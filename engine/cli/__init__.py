"""The command line: commands, progress, exit codes. What a command does is in `engine.app`."""
