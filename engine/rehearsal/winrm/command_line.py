"""How Windows programs take a command line apart."""

from __future__ import annotations


def split_command_line(line: str) -> list[str]:
    r"""The arguments of a command line by the rules of CommandLineToArgvW (Microsoft's documentation).

    Blanks separate unless inside quotes; 2n backslashes before a quote mean n of them and the quote opens
    or closes, 2n+1 mean n and a literal quote; other backslashes stand for themselves.
    """
    words: list[str] = []
    word, started, quoted, at = "", False, False, 0
    while at < len(line):
        run = len(line) - at - len(line[at:].lstrip("\\"))
        character = line[at + run : at + run + 1]
        at += run + 1
        if character == '"':
            word, started = word + "\\" * (run // 2), True
            if run % 2:
                word += '"'
            else:
                quoted = not quoted
            continue
        word, started = word + "\\" * run, started or run > 0
        if character in ("", " ", "\t") and not quoted:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word, started = word + character, True
    return [*words, word] if started else words
