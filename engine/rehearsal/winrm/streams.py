"""Output that waits to be fetched: what Receive takes from a shell or from one of its commands."""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from dataclasses import dataclass

from engine.rehearsal.winrm import faults

_STATE = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/"

# What one Stream element costs beyond its data, and an answer beyond its streams (bytes, rounded up).
_STREAM_OVERHEAD = 160
_ANSWER_OVERHEAD = 2_500


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of one stream."""

    stream: str
    data: bytes


def _size(data: bytes) -> int:
    """Bytes of answer that a chunk makes."""
    return -(-len(data) // 3) * 4 + _STREAM_OVERHEAD


class OutputQueue:
    """The output of one command, or of a shell itself, in order.

    `finish` says that nothing more comes; the last Receive then reports the exit code.
    """

    def __init__(self, gather: int = 0) -> None:
        """With `gather`, a Receive waits until about so many bytes of answer have gathered, or `release`."""
        self._gather = gather
        self._waiting = 0  # bytes of answer that all chunks make
        self._chunks: deque[Chunk] = deque()
        self._changed = asyncio.Event()
        self._end: tuple[int, tuple[str, ...]] | None = None
        self._break_before: Chunk | None = None
        self._closed = False

    def put(self, stream: str, data: bytes) -> None:
        """Add output. Empty data is left out."""
        if data:
            self._chunks.append(Chunk(stream, data))
            self._waiting += _size(data)
            if self._waiting >= self._gather:
                self._changed.set()

    def release(self) -> None:
        """Give what there is to the next Receive: more may take a while."""
        if self._chunks:
            self._changed.set()

    def hold_back_last(self) -> None:
        """Keep the last chunk for a Receive of its own."""
        self._break_before = self._chunks[-1] if self._chunks else None

    def finish(self, exit_code: int, streams: tuple[str, ...] = ()) -> None:
        """No more output; `streams` are closed with an empty last element each."""
        self._end = (exit_code, streams)
        self._changed.set()

    def close(self) -> None:
        """The shell or command was ended: whoever waits for its output is told so."""
        self._closed = True
        self._changed.set()

    async def ready(self, timeout: float) -> bool:
        """Wait until there is something to take, at most `timeout` seconds; whether there is.

        Raises:
            WsmanFault: the shell or command was ended meanwhile.
        """
        if not self._changed.is_set():
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                return False
        if self._closed:
            raise faults.aborted()
        return True

    def take(self, command_id: str, max_envelope: int) -> str:
        """Markup for a ReceiveResponse of at most `max_envelope` bytes; the rest stays for the next one."""
        owner = f' CommandId="{command_id}"' if command_id else ""
        room = max(max_envelope - _ANSWER_OVERHEAD, 1)
        parts: list[str] = []
        while self._chunks:
            chunk = self._chunks[0]
            encoded = base64.b64encode(chunk.data).decode("ascii")
            room -= _size(chunk.data)
            if parts and (room < 0 or chunk is self._break_before):
                break
            self._chunks.popleft()
            self._waiting -= _size(chunk.data)
            parts.append(f'<rsp:Stream Name="{chunk.stream}"{owner}>{encoded}</rsp:Stream>')
        if command_id:
            parts.append(self._state(command_id, owner))
        if self._end is None and (not self._chunks or self._waiting < self._gather):
            self._changed.clear()
        return "".join(parts)

    def _state(self, command_id: str, owner: str) -> str:
        if self._chunks or self._end is None:
            return f'<rsp:CommandState CommandId="{command_id}" State="{_STATE}Running"/>'
        exit_code, streams = self._end
        ends = "".join(f'<rsp:Stream Name="{name}"{owner} End="true"></rsp:Stream>' for name in streams)
        return (
            f'{ends}<rsp:CommandState CommandId="{command_id}" State="{_STATE}Done">'
            f"<rsp:ExitCode>{exit_code}</rsp:ExitCode></rsp:CommandState>"
        )
