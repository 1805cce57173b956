# The part of ruamel.yaml.clib's extension module that the manifest loader uses.

from ruamel.yaml.events import Event

class CParser:
    def __init__(self, stream: str | bytes) -> None: ...
    def get_event(self) -> Event | None: ...
