"""Samba's own client, which shares no code with the server or with the other client."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.security import SecurityDescriptor, allow, rights, sids
from tests.support import rehearsed_smb as rehearsed
from tests.support.rehearsed_smb import RehearsedSmb

pytestmark = pytest.mark.samba


@dataclass(frozen=True)
class Samba:
    """The program `smbclient` and the server that it is to talk to."""

    program: str
    port: int

    def run(
        self,
        share: str,
        commands: str,
        *options: str,
        user: str = rehearsed.ADMINISTRATOR,
        password: str = rehearsed.PASSWORD,
    ) -> subprocess.CompletedProcess[str]:
        """Carry out smbclient's commands in a share."""
        return subprocess.run(
            [self.program, f"//{rehearsed.ADDRESS}/{share}", "-p", str(self.port), *options, "-c", commands],
            env={**os.environ, "USER": f"BCPS\\{user}", "PASSWD": password},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )


@pytest.fixture
def samba(served: RehearsedSmb) -> Samba:
    program = shutil.which("smbclient")
    if program is None:
        problem = "Samba's smbclient is not installed"
        if os.environ.get("ROLLCALL_REQUIRE_SAMBA") == "1":
            pytest.fail(problem)
        pytest.skip(problem)
    return Samba(program, served.port)


DIALECTS = [
    ["--option=client min protocol=SMB2_10", "-m", "SMB2_10"],
    ["-m", "SMB3_00"],
    ["-m", "SMB3_02"],
    ["-m", "SMB3_11"],
    ["-m", "SMB3_11", "--client-protection=encrypt"],
    ["-m", "SMB3_02", "--client-protection=encrypt"],
    ["--option=client min protocol=NT1"],
    *(
        [
            "-m",
            "SMB3_11",
            "--client-protection=encrypt",
            f"--option=client smb3 encryption algorithms={cipher}",
        ]
        for cipher in ("AES-128-GCM", "AES-128-CCM", "AES-256-GCM", "AES-256-CCM")
    ),
    *(
        ["-m", "SMB3_11", f"--option=client smb3 signing algorithms={algorithm}"]
        for algorithm in ("AES-128-GMAC", "AES-128-CMAC", "HMAC-SHA256")
    ),
]


@pytest.mark.parametrize("options", DIALECTS, ids=lambda options: " ".join(options).replace("--option=", ""))
def test_every_dialect_and_algorithm_carries_files(
    samba: Samba, folder: str, tmp_path: Path, options: list[str]
) -> None:
    data = bytes(range(256)) * 3000
    (tmp_path / "sent").write_bytes(data)
    back = tmp_path / "back"
    done = samba.run("D$", f"cd {folder}; put {tmp_path}/sent x; get x {back}; del x", *options)
    assert done.returncode == 0, done.stderr + done.stdout
    assert back.read_bytes() == data


def test_files_are_listed_renamed_described_and_deleted(samba: Samba, folder: str, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"one")
    made = f"cd {folder}; put {tmp_path}/one a.txt; mkdir sub; rename a.txt sub\\b.txt"
    done = samba.run("D$", f"{made}; ls; cd sub; allinfo b.txt")
    assert done.returncode == 0, done.stderr
    assert "sub  " in done.stdout
    assert "a.txt  " not in done.stdout
    assert "stream: [::$DATA], 3 bytes" in done.stdout
    removed = samba.run("D$", f"cd {folder}\\sub; del b.txt; cd ..; rmdir sub; ls")
    assert removed.returncode == 0, removed.stderr
    assert "sub  " not in removed.stdout


def test_trees_are_copied_both_ways(samba: Samba, folder: str, tmp_path: Path) -> None:
    for number in range(30):
        inner = tmp_path / "up" / f"room-{number % 3}"
        inner.mkdir(parents=True, exist_ok=True)
        (inner / f"Ä{number}.txt").write_text(str(number))
    there = samba.run("D$", f"cd {folder}; lcd {tmp_path}/up; recurse; prompt; mput *")
    assert there.returncode == 0, there.stderr
    (tmp_path / "down").mkdir()
    back = samba.run("D$", f"cd {folder}; lcd {tmp_path}/down; recurse; prompt; mget *")
    assert back.returncode == 0, back.stderr
    sent = {path.relative_to(tmp_path / "up"): path.read_bytes() for path in _files(tmp_path / "up")}
    received = {path.relative_to(tmp_path / "down"): path.read_bytes() for path in _files(tmp_path / "down")}
    assert received == sent
    assert len(sent) == 30


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("share", "user", "password", "status"),
    [
        ("C$", rehearsed.ADMINISTRATOR, "wrong", "NT_STATUS_LOGON_FAILURE"),
        ("C$", "nobody", "wrong", "NT_STATUS_LOGON_FAILURE"),
        ("C$", rehearsed.TEACHER, rehearsed.PASSWORD, "NT_STATUS_ACCESS_DENIED"),
        ("Staff", rehearsed.PUPIL, rehearsed.PASSWORD, "NT_STATUS_ACCESS_DENIED"),
        ("Nothing", rehearsed.TEACHER, rehearsed.PASSWORD, "NT_STATUS_BAD_NETWORK_NAME"),
    ],
)
def test_who_is_not_admitted_hears_why(
    samba: Samba, share: str, user: str, password: str, status: str
) -> None:
    refused = samba.run(share, "ls", user=user, password=password)
    assert refused.returncode == 1
    assert status in refused.stdout + refused.stderr


def test_nobody_comes_in_without_a_name(samba: Samba) -> None:
    refused = samba.run("Public", "ls", "-N", user="%", password="")
    assert refused.returncode == 1


def test_a_share_in_the_clear_is_refused_where_encryption_is_wanted(samba: Samba) -> None:
    clear = samba.run("Sealed", "ls", "--option=client min protocol=SMB2_10", "-m", "SMB2_10")
    assert "NT_STATUS_ACCESS_DENIED" in clear.stdout + clear.stderr
    assert samba.run("Sealed", "ls", "--client-protection=encrypt").returncode == 0


def test_a_folder_s_permissions_read_as_windows_shows_them(
    served: RehearsedSmb, samba: Samba, folder: str
) -> None:
    def protect(host: WindowsHost) -> None:
        staff = allow(served.sid("DHS-Staff"), rights.MODIFY)
        admins = allow(sids.ADMINISTRATORS, rights.FULL_CONTROL)
        sd = SecurityDescriptor(sids.ADMINISTRATORS, sids.SYSTEM, (staff, admins), protected=True)
        host.files.set_security(rf"D:\{folder}", sd)

    served.call(protect)
    shown = samba.run("D$", rf"showacls; ls {folder}")
    assert shown.returncode == 0, shown.stderr
    assert "SEC_DESC_DACL_PROTECTED" in shown.stdout
    assert f"SID: {served.sid('DHS-Staff')}" in shown.stdout
    assert "Permissions: 0x1301bf" in shown.stdout
    assert "Owner SID:\tS-1-5-32-544" in shown.stdout
