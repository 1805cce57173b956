"""`python -m engine.rehearsal.media FOLDER` builds the installers that `FOLDER/media.toml` describes."""

import sys
from pathlib import Path

from engine.rehearsal.media.build import build_folder


def main(arguments: list[str]) -> int:
    """Exit code 0 when all were built, 2 when the command line is off."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m engine.rehearsal.media FOLDER\n")
        return 2
    for file in build_folder(Path(arguments[0])):
        sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
