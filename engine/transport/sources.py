"""What a conversation sends files from when it was given nothing to send them from."""

from __future__ import annotations

from typing import BinaryIO

from engine.model.session import Sources, SourceUnavailable
from engine.model.step import SourceContent


class _NoSources:
    def open(self, content: SourceContent, sha256: str) -> BinaryIO:
        """See `Sources.open`; there is never anything."""
        del sha256
        raise SourceUnavailable(f"{content.source}: this conversation was given no files to send")


NO_SOURCES: Sources = _NoSources()
