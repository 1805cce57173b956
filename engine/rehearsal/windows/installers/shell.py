"""The command interpreter, as far as a remote command line uses it: `cmd /c`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from engine.rehearsal.windows.installers.exits import LaunchFailed, ProcessExit, Win32

Runner = Callable[[str, list[str]], Awaitable[ProcessExit]]

_JOINED = re.compile(r"(&&|&)")
_WORD = re.compile(r'"[^"]*"|\S+')


async def run_shell(line: str, run: Runner) -> ProcessExit:
    """Run a command line: programs, `echo`, `exit`, `&`, `&&` and `1>&2`; output and last exit code.

    A program that does not exist is reported as cmd reports it, with exit code 1.
    """
    stdout, stderr, code, ended, joint = b"", b"", 0, False, "&"
    protected = line.replace("1>&2", "\0").replace(">&2", "\0")
    for part in _JOINED.split(protected):
        if part in ("&", "&&"):
            joint = part
            continue
        if ended or (joint == "&&" and code != 0) or not part.strip():
            continue
        ended = part.split()[0].casefold() == "exit"
        result = await _one(part.replace("\0", "").lstrip(), code, run)
        code = result.code
        if "\0" in part:
            stderr += result.stdout + result.stderr
        else:
            stdout, stderr = stdout + result.stdout, stderr + result.stderr
    return ProcessExit(code, stdout, stderr)


async def _one(command: str, last_code: int, run: Runner) -> ProcessExit:
    words = [word.strip('"') for word in _WORD.findall(command)]
    name = words[0].casefold()
    if name == "echo":
        return ProcessExit(0, f"{command[5:]}\r\n".encode())
    if name == "exit":
        numbers = [int(word) for word in words[1:] if re.fullmatch(r"-?\d+", word)]
        return ProcessExit(numbers[0] if numbers else last_code)
    try:
        return await run(words[0], words[1:])
    except LaunchFailed as error:
        if error.code is not Win32.FILE_NOT_FOUND:
            return ProcessExit(1, stderr=f"{error}\r\n".encode())
        text = f"'{words[0]}' is not recognized as an internal or external command,\r\n"
        return ProcessExit(1, stderr=f"{text}operable program or batch file.\r\n".encode())
