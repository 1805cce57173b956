"""A web server on a loopback address, with a certificate, that does what the script of a path says."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

ADDRESS = "127.0.0.1"
Script = Callable[[BaseHTTPRequestHandler], None]


class WebServer:
    """A running server: what it was asked, and where it is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, Mapping[str, str]]] = []  # path and headers of each request
        self.scripts: dict[str, Script] = {}
        self.over = threading.Event()  # set when the server ends: scripts that dawdle stop then

    def url(self, path: str) -> str:
        return f"https://{ADDRESS}:{self.port}{path}"


def gives(data: bytes, **headers: str) -> Script:
    """Answer with these bytes."""

    def script(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in {"Content_Length": str(len(data)), **headers}.items():
            if value:
                request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(data)

    return script


def answers(status: int, **headers: str) -> Script:
    """Answer with a status, some headers and no body."""

    def script(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": "0", **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()

    return script


@contextmanager
def running(folder: Path) -> Iterator[WebServer]:
    """Serve until the block is left. The authority's certificate is `authority.pem` in the folder."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(ADDRESS).configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            served.asked.append((self.path, dict(self.headers.items())))
            with suppress(OSError):  # the client may have had enough
                served.scripts.get(self.path, answers(404))(self)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_arguments: object) -> None:
            """Says nothing: clients that trust nobody break off."""

    server = Server((ADDRESS, 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    served = WebServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield served
    finally:
        served.over.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
