"""The smallest document that makes the same trouble."""

from __future__ import annotations

from collections.abc import Callable

_ATTEMPTS = 400


def smallest(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    """Leave out lines, then characters, as long as the trouble stays; with bounded patience."""
    left = _ATTEMPTS
    for separator in (b"\n", b""):
        parts = data.split(b"\n") if separator else [data[at : at + 1] for at in range(len(data))]
        size = max(1, len(parts) // 2)
        while size and left > 0:
            at = 0
            while at < len(parts) and left > 0:
                left -= 1
                without = parts[:at] + parts[at + size :]
                if still(separator.join(without)):
                    parts = without
                else:
                    at += size
            size //= 2
        data = separator.join(parts)
    return data
