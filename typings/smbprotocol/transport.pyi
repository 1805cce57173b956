import socket

class Tcp:
    server: str
    port: int
    connected: bool
    _sock: socket.socket | None
    def connect(self) -> None: ...
    def close(self) -> None: ...
