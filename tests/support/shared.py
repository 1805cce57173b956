"""Reference data that may lie beside the repository; tests that use it skip where it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared(place: str) -> Path:
    """The file or folder `place` below a folder `shared` beside the repository or further up."""
    for folder in Path(__file__).parents:
        candidate = folder / "shared" / place
        if candidate.exists():
            return candidate
    pytest.skip(f"the reference data shared/{place} is not beside this repository")
