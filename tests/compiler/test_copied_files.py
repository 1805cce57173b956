"""A small text that is copied travels in the plan, which can show its lines; anything else by its digest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiler.lowering.files import small_text
from engine.compiler.media import MediaFile
from engine.kinds.encoding import encode
from engine.kinds.file import FileSpec, SourceFile, TextContent
from tests.support.small_district import intent, resource, write_district


def _content(tmp_path: Path, data: bytes) -> TextContent | SourceFile:
    text = "files:\n  - {path: 'C:\\copied.dat', source: files/copied.dat, hosts: server}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (manifests / "files").mkdir(exist_ok=True)
    (manifests / "files/copied.dat").write_bytes(data)
    spec = resource(intent(manifests), r"A-SRV/file/C:\copied.dat").spec
    assert isinstance(spec, FileSpec)
    assert isinstance(spec.content, TextContent | SourceFile)
    return spec.content


@pytest.mark.parametrize(
    "data",
    [b"", b"one\ntwo\n", b"one\r\ntwo", "\ufeffä\r\n".encode(), "ä\n".encode("utf-16")],
    ids=["empty", "lf", "crlf", "utf-8 with mark", "utf-16"],
)
def test_a_small_text_is_carried_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    content = _content(tmp_path, data)
    assert isinstance(content, TextContent)
    assert encode(content.text, content.encoding, content.line_endings) == data


@pytest.mark.parametrize(
    "data",
    [b"\x00\x01\x02", b"\xff\xfe\x00", b"mixed\r\nends\n", b"\x1b[31m", b"x" * 70_000],
    ids=["binary", "half a character", "mixed line ends", "control characters", "big"],
)
def test_anything_else_goes_by_its_digest(tmp_path: Path, data: bytes) -> None:
    assert isinstance(_content(tmp_path, data), SourceFile)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_no_byte_is_lost(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "random.dat"
    file.write_bytes(data)
    text = small_text(MediaFile(file, len(data), file.name))
    assert text is None or encode(text.text, text.encoding, text.line_endings) == data
