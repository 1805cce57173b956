"""Hosts that are silent for long are named, and only those."""

from __future__ import annotations

from threading import Event

from engine.cli.waiting import Waiting


def test_those_that_are_silent_are_named_with_the_longest_silence() -> None:
    now = [0.0]
    waiting = Waiting(lambda: now[0])
    for name in ("PC-01", "PC-02", "PC-03", "SRV"):
        waiting.hear(name)
    assert waiting.text(15) == ""
    now[0] = 40.0
    waiting.hear("SRV")
    waiting.end("PC-03")
    assert waiting.text(15) == "still waiting for PC-[01-02] (40 s)"
    waiting.end("PC-01")
    waiting.end("PC-02")
    assert waiting.text(15) == ""


def test_it_is_told_while_it_lasts() -> None:
    waiting, said, heard = Waiting(), list[str](), Event()

    def tell(text: str) -> None:
        said.append(text)
        heard.set()
        if text:
            waiting.end("SRV")

    waiting.hear("SRV")
    with waiting.told(tell, every=0.01):
        assert heard.wait(30)
    assert said[0].startswith("still waiting for SRV (")
    assert said[1:] in ([], [""])
