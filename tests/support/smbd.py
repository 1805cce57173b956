"""Debian's real smbd on a loopback address, for tests: NT ACLs, mandatory signing, administrative shares."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "127.0.0.1"
ADMINISTRATOR = "svc-rollcall"
PASSWORD = "Correct-Horse-7"  # noqa: S105 - of a server that lives for one test run
USER = "a.rivera"  # no administrator

_CONFIGURATION = """
[global]
 server role = standalone server
 workgroup = BCPS
 netbios name = DHS-SRV01
 smb ports = {port}
 interfaces = 127.0.0.1/8
 bind interfaces only = yes
 disable netbios = yes
 server signing = mandatory
 server smb encrypt = if_required
 server min protocol = SMB3_00
 ntlm auth = ntlmv2-only
 map to guest = never
 load printers = no
 printing = bsd
 disable spoolss = yes
 passdb backend = tdbsam:{folder}/private/passdb.tdb
 username map = {folder}/users.map
 private dir = {folder}/private
 lock directory = {folder}/lock
 state directory = {folder}/state
 cache directory = {folder}/cache
 pid directory = {folder}/pid
 ncalrpc dir = {folder}/ncalrpc
 log file = {folder}/log.smbd
 log level = 0
"""

_SHARE = """
[{name}]
 path = {path}
 read only = no
 vfs objects = acl_xattr
 acl_xattr:ignore system acls = yes
 acl_xattr:default acl style = windows
 map acl inherit = yes
"""


@dataclass(frozen=True)
class Smbd:
    """A running server."""

    port: int
    pid: int
    drives: dict[str, Path]  # "C" to the folder behind C$

    def on_disk(self, path: str) -> Path:
        """The server's own file behind a path such as `C:\\Temp\\x`."""
        return self.drives[path[0]].joinpath(*path[3:].split("\\"))

    def processes(self) -> tuple[int, ...]:
        """The server and the processes it has started, one for each connection."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return (self.pid, *map(int, listed))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop every process in its tracks; their connections stay open and silent."""
        stopped = self.processes()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def cut(self) -> None:
        """End all connections the hard way; the listening process stays."""
        for pid in self.processes()[1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def missing() -> str | None:
    """Why smbd cannot run here; None where it can."""
    tools = [name for name in ("smbd", "smbpasswd", "net") if _tool(name) is None]
    if tools:
        return f"Samba is not installed ({', '.join(tools)} not found)"
    if os.geteuid() != 0:
        return "smbd needs to be started by root to keep NT ACLs (security.NTACL attributes)"
    return None


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of `size` bytes in memory at `folder`, so that a disk can really be full."""
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "rollcall-test", str(folder))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(folder))


@contextmanager
def running(folder: Path, drives: dict[str, Path]) -> Iterator[Smbd]:
    """Start smbd with its state in `folder` and an administrative share for each drive."""
    port = _free_port()
    configuration = _configure(folder, port, drives)
    command = [_tool("smbd") or "smbd", "-F", "--no-process-group", "-s", str(configuration)]
    # In a session of its own: stopping it must not stop the test run.
    process = subprocess.Popen(
        command,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Smbd(port, process.pid, drives)
    try:
        _wait_until_open(port, process)
        yield server
    finally:
        _stop(server, process)


def _configure(folder: Path, port: int, drives: dict[str, Path]) -> Path:
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (folder / name).mkdir(parents=True)
    (folder / "users.map").write_text(f"root = {ADMINISTRATOR}\ngames = {USER}\n")
    shares = "".join(_SHARE.format(name=f"{drive}$", path=path) for drive, path in drives.items())
    configuration = folder / "smb.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port) + shares)
    for account in ("root", "games"):
        _run("smbpasswd", "-c", str(configuration), "-s", "-a", account, stdin=f"{PASSWORD}\n{PASSWORD}\n")
    administrators = ("sid=S-1-5-32-544", "unixgroup=root", "ntgroup=Administrators", "type=builtin")
    _run("net", "-s", str(configuration), "groupmap", "add", *administrators)
    return configuration


def _stop(server: Smbd, process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        for pid in server.processes()[1:]:
            os.kill(pid, signal.SIGKILL)
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)


def _run(tool: str, *arguments: str, stdin: str = "") -> None:
    subprocess.run(
        [_tool(tool) or tool, *arguments], input=stdin, text=True, capture_output=True, check=True, timeout=30
    )


def _tool(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"smbd did not start (exit code {process.poll()})")
