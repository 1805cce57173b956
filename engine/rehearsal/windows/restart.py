"""What a restart does to a simulated computer."""

from __future__ import annotations

from engine.rehearsal.windows import reboot
from engine.rehearsal.windows.host import WindowsHost

_PREFIX = "\\??\\"


def restart(host: WindowsHost) -> None:
    """Restart the computer: files that were waiting are replaced, and nothing waits any more.

    Automatic services run, all others do not; temporary shares are gone.

    Raises:
        NtError: a file that was to be replaced is open.
    """
    lines = reboot.pending_renames(host.registry)
    for source, target in zip(lines[::2], lines[1::2], strict=False):
        _carry_out(host, source.removeprefix(_PREFIX), target.removeprefix("!").removeprefix(_PREFIX))
    reboot.clear(host.registry)
    for share in host.shares.all():
        if share.temporary:
            host.shares.remove(share.name)
    host.services.restart_computer()


def _carry_out(host: WindowsHost, source: str, target: str) -> None:
    """Move a file, or delete it where no target is named; one that is gone is passed over."""
    node = host.files.lookup(source)
    if node is None:
        return
    if target and not node.is_directory:
        host.files.write_file(target, host.files.read_file(source), node.security)
    host.files.remove(source)
