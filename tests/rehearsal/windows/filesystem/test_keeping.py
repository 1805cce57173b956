"""Space on volumes, and what is left after a restart or a crash."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rehearsal.windows.filesystem import Disposition, FileSystem, NtStatus, Option
from engine.rehearsal.windows.filesystem.node import CLUSTER
from engine.rehearsal.windows.filesystem.renaming import rename
from engine.rehearsal.windows.security import rights
from tests.support.files import Client, fails, system


def test_nothing_is_made_before_the_first_use(tmp_path: Path) -> None:
    unused = system(tmp_path)
    assert not (tmp_path / "files").exists()
    unused.close()


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    before = system(tmp_path)
    before.write_file(r"D:\a\Straße.txt", b"data")
    security = before.security(r"D:\a\Straße.txt")
    node = before.lookup(r"D:\a\Straße.txt")
    free = before.drives["D"].free
    before.close()
    after = system(tmp_path)
    assert after.read_file(r"d:\A\STRAßE.TXT") == b"data"
    assert after.security(r"D:\a\Straße.txt") == security
    again = after.lookup(r"D:\a\Straße.txt")
    assert node is not None
    assert again is not None
    assert (again.id, again.times, again.attributes) == (node.id, node.times, node.attributes)
    assert after.drives["D"].free == free
    after.close()


_WRITER = """
import sys
from pathlib import Path
from tests.support.files import Client, system
from engine.rehearsal.windows.filesystem import Disposition, Option, Share
from engine.rehearsal.windows.security import rights
files = system(Path(sys.argv[1]))
files.write_file(r"D:\\done", b"kept")
files.write_file(r"D:\\gone", b"x" * 10000)
files.remove(r"D:\\gone")
user = Client()
files.make_directory(r"D:\\Work")
handle = files.open(r"D:\\Work\\growing", user, rights.FULL_CONTROL, Share.NONE, Disposition.CREATE)
handle.write(0, b"y" * 5000)
alone = (Share.NONE, Disposition.CREATE, Option.DELETE_ON_CLOSE)
files.open(r"D:\\Work\\lease", user, rights.FULL_CONTROL, *alone)
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_killed_host_keeps_what_was_done(tmp_path: Path, user: Client) -> None:
    root = Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        process.send_signal(signal.SIGKILL)
    files = system(tmp_path)
    assert files.read_file(r"D:\done") == b"kept"
    assert files.read_file(r"D:\Work\growing") == b"y" * 5000
    assert not files.exists(r"D:\gone")
    # Nobody has the lease any more: the file can be taken over at once.
    files.open(
        r"D:\Work\lease",
        user,
        rights.FULL_CONTROL,
        disposition=Disposition.OPEN,
        options=Option.DELETE_ON_CLOSE,
    ).close()
    assert not files.exists(r"D:\Work\lease")
    files.close()


def test_a_full_volume_refuses_and_keeps_what_it_has(files: FileSystem, user: Client) -> None:
    free = files.drives["D"].free
    handle = files.open(r"D:\Work\big", user, rights.MODIFY, disposition=Disposition.CREATE)
    handle.set_end_of_file(free - CLUSTER)
    handle.write(0, b"start")
    with fails(NtStatus.DISK_FULL):
        handle.write(free - CLUSTER, b"x" * (CLUSTER + 1))
    with fails(NtStatus.DISK_FULL):
        handle.set_end_of_file(free + 1)
    assert handle.node.size == free - CLUSTER
    handle.write(1, b"within")
    handle.close()
    files.remove(r"D:\Work\big")
    assert files.drives["D"].free == free


def test_space_that_was_set_aside_is_taken_until_the_file_is_closed(files: FileSystem, user: Client) -> None:
    free = files.drives["D"].free
    handle = files.open(r"D:\Work\big", user, rights.MODIFY, disposition=Disposition.CREATE)
    handle.set_allocation(10 * CLUSTER)
    assert files.drives["D"].free == free - 10 * CLUSTER
    assert handle.node.size == 0
    handle.write(0, b"x" * (3 * CLUSTER))
    assert files.drives["D"].free == free - 10 * CLUSTER
    handle.close()
    assert files.drives["D"].free == free - 3 * CLUSTER


def test_a_fault_fills_every_volume(tmp_path: Path) -> None:
    full = False
    files = system(tmp_path, lambda: full)
    files.write_file(r"D:\a", b"before")
    full = True
    for path in (r"D:\a", r"D:\b"):
        with fails(NtStatus.DISK_FULL):
            files.write_file(path, b"x")
    with fails(NtStatus.DISK_FULL):
        files.make_directory(r"D:\folder")
    full = False
    assert not files.exists(r"D:\b")
    files.write_file(r"D:\a", b"after")
    assert files.read_file(r"D:\a") == b"after"
    files.close()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["write", "resize", "remove", "move"]),
        st.sampled_from("abc"),
        st.sampled_from("abc"),
        st.integers(0, 5 * CLUSTER),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_a_volume_s_books_balance(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str, str, int]]
) -> None:
    """Whatever is done, the space in use is that of the files there are; and a restart agrees."""
    folder = tmp_path_factory.mktemp("books")
    files = system(folder)
    files.make_directory(r"D:\Work")
    empty = files.drives["D"].used
    for kind, name, other, size in acts:
        _act(files, kind, rf"D:\Work\{name}", other, size)
    work = files.lookup(r"D:\Work")
    assert work is not None
    assert files.drives["D"].used == empty + sum(node.allocation for node in work.below())
    contents = {node.name: files.read_file(node.path) for node in work.below()}
    used = files.drives["D"].used
    files.close()
    again = system(folder)
    assert again.drives["D"].used == used
    assert {name: again.read_file(rf"D:\Work\{name}") for name in contents} == contents
    again.close()


def _act(files: FileSystem, kind: str, path: str, other: str, size: int) -> None:
    client = Client.administrator()
    if kind == "write":
        files.write_file(path, b"w" * size)
    elif kind == "remove":
        files.remove(path)
    elif files.exists(path):
        handle = files.open(path, client, rights.FULL_CONTROL)
        if kind == "resize":
            handle.set_end_of_file(size)
        else:
            rename(handle, files.drives["D"].root, ("Work", other), True, rights.FULL_CONTROL)
        handle.close()
