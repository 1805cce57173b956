"""Reads every .yaml file of a folder with ruamel.yaml's C loader: what Rollcall's own reading is compared to.

    python -m ci.parse_only FOLDER

Prints the number of files and of bytes as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ruamel.yaml import YAML


def parse_all(folder: Path) -> dict[str, int]:
    """The numbers of files and of bytes that were read."""
    files = sorted(folder.rglob("*.yaml"))
    size = 0
    for file in files:
        data = file.read_bytes()
        size += len(data)
        YAML(typ="safe", pure=False).load(data)
    return {"files": len(files), "bytes": size}


if __name__ == "__main__":
    print(json.dumps(parse_all(Path(sys.argv[1]))))  # noqa: T201  the program's output
