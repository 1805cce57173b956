"""Reading many hosts side by side; each fails alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

from engine.executor.options import HOSTS_AT_ONCE
from engine.executor.text import one_line
from engine.model.errors import HostError, HostUnreachable
from engine.model.plan import HostStatus
from engine.model.query import Answers, Query
from engine.model.reading import HostReading
from engine.model.resource import Host
from engine.model.session import Connector

_log = logging.getLogger(__name__)
_LOOK_FOR_CTRL_C = 0.2  # seconds


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

    When it is broken off, as by Ctrl-C, hosts that are not being read stay unread, and it does not wait for
    those that are: nothing is written there, and their connections end with the process.
    """

    over = Event()

    def read(reading: Reading) -> HostReading:
        if over.is_set():
            raise CancelledError
        try:
            result = _read(reading, connector)
            heard(result)
        except BaseException:
            over.set()  # before the next host gets this thread
            raise
        return result

    pool = ThreadPoolExecutor(max_workers=hosts_at_once, thread_name_prefix="rollcall-read")
    try:
        futures = [pool.submit(read, reading) for reading in readings]
        found = tuple(_result(future) for future in futures)
    except BaseException:
        over.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return found


def _result(future: Future[HostReading]) -> HostReading:
    """Wait for it in short turns: not every system lets Ctrl-C break a wait without end."""
    while not wait([future], _LOOK_FOR_CTRL_C).done:
        pass
    return future.result()


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
    except Exception as defect:  # noqa: BLE001 - one host's odd answer must not cost the others' plan
        _log.exception("%s: an unexpected error ended the reading of the host", host.name)
        said = f"{host.name}: read: unexpected {type(defect).__name__} (see the log)"
        return HostReading(host, HostStatus.FAILED, error=one_line(said))
    return HostReading(host, HostStatus.READ, answers)
