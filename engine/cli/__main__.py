"""`python -m engine.cli` does what `rollcall` does."""

from engine.cli.main import main

main()
