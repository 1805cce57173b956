"""Output that waits for a Receive."""

from __future__ import annotations

import asyncio

from engine.rehearsal.winrm.envelope import MAX_ENVELOPE_BYTES
from engine.rehearsal.winrm.streams import OutputQueue

SOON = 0.01  # seconds


async def _is_ready(queue: OutputQueue) -> bool:
    return await queue.ready(SOON)


def _streams(taken: str) -> int:
    return taken.count("<rsp:Stream ")


def test_output_is_ready_at_once_unless_it_is_to_gather() -> None:
    async def check() -> None:
        queue = OutputQueue()
        queue.put("stdout", b"x")
        assert await _is_ready(queue)
        queue.take("", MAX_ENVELOPE_BYTES)
        assert not await _is_ready(queue)

    asyncio.run(check())


def test_gathering_output_waits_for_enough_for_a_release_or_for_the_end() -> None:
    async def check() -> None:
        queue = OutputQueue(gather=10_000)
        queue.release()
        queue.put("stdout", b"x")
        assert not await _is_ready(queue)
        queue.release()
        assert await _is_ready(queue)
        assert _streams(queue.take("C", MAX_ENVELOPE_BYTES)) == 1
        queue.put("stdout", b"x" * 10_000)
        assert await _is_ready(queue)
        queue.take("C", MAX_ENVELOPE_BYTES)
        queue.put("stdout", b"x")
        assert not await _is_ready(queue)
        queue.finish(0)
        assert await _is_ready(queue)
        assert (
            'State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"'
            in queue.take("C", MAX_ENVELOPE_BYTES)
        )

    asyncio.run(check())


def test_what_did_not_fit_into_a_full_answer_waits_for_more_of_its_kind() -> None:
    async def check() -> None:
        queue = OutputQueue(gather=20_000)
        for _ in range(5):
            queue.put("stdout", b"x" * 3_000)
        assert await _is_ready(queue)
        first = queue.take("C", 20_000)
        assert 0 < _streams(first) < 5
        assert len(first) < 20_000
        assert not await _is_ready(queue)
        queue.finish(0)
        assert await _is_ready(queue)
        assert _streams(queue.take("C", 20_000)) == 5 - _streams(first)

    asyncio.run(check())
