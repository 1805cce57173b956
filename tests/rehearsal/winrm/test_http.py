"""The HTTP server: limits, order of answers, connections that stay, and faults of the network."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.winrm.http import MAX_BODY_BYTES, MAX_HEADER_BYTES
from tests.support.winrm_host import Running


@contextmanager
def _connection(running: Running) -> Iterator[socket.socket]:
    with socket.create_connection((running.address, running.http), 5) as connection:
        yield connection


def _ask(running: Running, request: bytes) -> bytes:
    """Everything that comes back until the server closes."""
    with _connection(running) as connection:
        connection.sendall(request)
        answer = b""
        while data := connection.recv(65_536):
            answer += data
        return answer


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST /wsman HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (b"POST /wsman HTTP/1.1\r\nX: " + b"a" * (MAX_HEADER_BYTES + 1) + b"\r\n\r\n", 431),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"POST /elsewhere HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 404),
        (b"GET /wsman HTTP/1.1\r\nConnection: close\r\n\r\n", 405),
        (b"POST /wsman?PSVersion=5.1 HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 401),
    ],
)
def test_limits_and_paths(running: Running, request_bytes: bytes, status: int) -> None:
    assert _status(_ask(running, request_bytes)) == status


def test_a_chunked_body_has_the_same_limit(running: Running) -> None:
    chunk = b"%x\r\n%b\r\n" % (65_536, b"a" * 65_536)
    request = b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 9
    assert _status(_ask(running, request)) == 413


def test_answers_come_in_the_order_of_requests(running: Running) -> None:
    requests_sent = [
        b"POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"POST /b HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ]
    answer = _ask(running, b"".join(requests_sent))
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"404", b"401", b"404"]


def test_a_connection_stays_open(running: Running) -> None:
    with _connection(running) as connection:
        for _ in range(3):
            connection.sendall(b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
            assert connection.recv(10_000).startswith(b"HTTP/1.1 401 ")


def test_headers_are_those_of_http_sys(running: Running) -> None:
    response = requests.post(f"http://{running.address}:{running.http}/wsman", timeout=5)
    assert response.headers["Server"] == "Microsoft-HTTPAPI/2.0"
    assert response.headers["Content-Length"] == "0"
    assert "Date" in response.headers


def test_expect_continue_is_answered(running: Running) -> None:
    with _connection(running) as connection:
        connection.sendall(b"POST /wsman HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ab")
        assert connection.recv(1000).startswith(b"HTTP/1.1 401 ")


def _post(running: Running, **options: float) -> requests.Response:
    return requests.post(f"http://{running.address}:{running.http}/wsman", timeout=options.get("timeout", 10))


def test_refuse_resets_connections(running: Running) -> None:
    running.host.faults.add(Fault.REFUSE)
    with pytest.raises(requests.ConnectionError):
        _post(running)


def test_drop_cuts_an_answer_in_the_middle(running: Running) -> None:
    running.host.faults.add(Fault.DROP)
    with pytest.raises(requests.ConnectionError):
        _post(running)


def test_never_answer_takes_the_request_and_is_silent(running: Running) -> None:
    running.host.faults.add(Fault.NEVER_ANSWER)
    with pytest.raises(requests.ReadTimeout):
        _post(running, timeout=0.5)
    assert running.host.counters.http_requests == 1


def test_wrong_answer_is_a_page_of_something_else(running: Running) -> None:
    running.host.faults.add(Fault.WRONG_ANSWER)
    response = _post(running)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")


def test_slow_answers_come_late_and_in_drips(running: Running) -> None:
    running.host.faults.add(Fault.SLOW)
    with pytest.raises(requests.ReadTimeout):
        _post(running, timeout=0.5)
    running.host.faults.clear()
    assert _post(running).status_code == 401
