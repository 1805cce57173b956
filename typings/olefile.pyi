# The part of olefile that is used here; the library ships no types.
from io import BytesIO

class OleFileIO:
    parsing_issues: list[tuple[type[Exception], str]]
    def __init__(self, filename: BytesIO) -> None: ...
    def openstream(self, filename: str) -> BytesIO: ...
