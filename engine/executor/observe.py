"""Reading many hosts side by side; each fails alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from engine.executor.options import HOSTS_AT_ONCE
from engine.executor.text import one_line
from engine.model.errors import HostError, HostUnreachable
from engine.model.plan import HostStatus
from engine.model.query import Answers, Query
from engine.model.reading import HostReading
from engine.model.resource import Host
from engine.model.session import Connector


@dataclass(frozen=True, slots=True)
class Reading:
    """What to ask one host: `queries`, and then what follows from their answers, if anything."""

    host: Host
    queries: tuple[Query, ...]
    further: Callable[[Answers], Sequence[Query]]


def observe(
    readings: Sequence[Reading],
    connector: Connector,
    heard: Callable[[HostReading], None],
    hosts_at_once: int = HOSTS_AT_ONCE,
) -> tuple[HostReading, ...]:
    """Ask every host, `hosts_at_once` at a time, in one session each; the results are in the given order.

    At most two batches a host: its questions, and those that follow from the answers. `heard` is called
    from worker threads, once per host.
    """

    def read(reading: Reading) -> HostReading:
        result = _read(reading, connector)
        heard(result)
        return result

    with ThreadPoolExecutor(max_workers=hosts_at_once, thread_name_prefix="rollcall-read") as pool:
        try:
            return tuple(pool.map(read, readings))
        except BaseException:
            pool.shutdown(cancel_futures=True)  # Ctrl-C: hosts that are not being read stay unread
            raise


def _read(reading: Reading, connector: Connector) -> HostReading:
    host = reading.host
    try:
        with connector.connect(host) as session:
            answers = session.read(reading.queries)
            further = [query for query in reading.further(answers) if query not in answers]
            if further:
                answers = {**answers, **session.read(further)}
    except HostUnreachable as error:
        return HostReading(host, HostStatus.UNREACHABLE, error=one_line(str(error)))
    except HostError as error:
        return HostReading(host, HostStatus.FAILED, error=one_line(str(error)))
    return HostReading(host, HostStatus.READ, answers)
