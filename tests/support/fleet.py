"""A fleet of simulated hosts in processes of its own, started and stopped by a test."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pypsrp.wsman import WSMan

from engine.rehearsal.fleet.control import ENDPOINTS_FILE, Control
from engine.rehearsal.fleet.messages import Endpoint, Endpoints

ADMINISTRATOR, PASSWORD = r"BCPS\svc-rollcall", "Rehearse-1"
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


def write_fleet(folder: Path, hosts: Sequence[str]) -> None:
    """Write fleet.json with these hosts; the first is a server, the others are workstations."""
    (folder / "password").write_text(PASSWORD + "\n")
    fleet = {
        "domain": {
            "name": "BCPS",
            "dns": "bcps.example",
            "users": [{"name": "a.rivera", "password": "Teach-1"}],
            "groups": [{"name": "DHS-Staff", "members": ["a.rivera"]}],
        },
        "administrator": {"user": ADMINISTRATOR, "password_file": "password"},
        "images": {"server": {"kind": "server"}, "workstation": {"kind": "workstation"}},
        "hosts": [
            {"name": name, "image": "workstation" if place else "server"} for place, name in enumerate(hosts)
        ],
    }
    (folder / "fleet.json").write_text(json.dumps(fleet))


@dataclass
class Fleet:
    """A fleet in a folder that `write_fleet` has prepared."""

    folder: Path
    shards: int | None = None
    process: subprocess.Popen[str] | None = field(default=None, init=False)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "engine.rehearsal", *arguments, "--folder", str(self.folder)]

    def start(self) -> Endpoints:
        """Start it and wait until every host listens."""
        extra = [] if self.shards is None else ["--shards", str(self.shards)]
        self.process = subprocess.Popen([*self.command("serve"), *extra], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + _START_SECONDS
        while not (self.folder / ENDPOINTS_FILE).exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the fleet did not start: {self.end()}")
            time.sleep(0.02)
        return self.endpoints

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints.model_validate_json((self.folder / ENDPOINTS_FILE).read_bytes())

    @property
    def control(self) -> Control:
        return Control(self.folder)

    def end(self) -> str:
        """Stop it if it still runs; what it said on standard error."""
        if self.process is None:
            return ""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            _, said = self.process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, said = self.process.communicate()
        return said

    def client(self, host: str, tls: bool = False, auth: str = "ntlm") -> WSMan:
        """An unmodified pypsrp client of one host."""
        endpoint: Endpoint = self.endpoints.hosts[host]
        return WSMan(
            endpoint.address,
            port=endpoint.winrm_https if tls else endpoint.winrm_http,
            ssl=tls,
            auth=auth,
            username=ADMINISTRATOR,
            password=PASSWORD,
            cert_validation=self.endpoints.ca_file,  # type: ignore[arg-type]  # a CA file is documented too
            connection_timeout=5,
            read_timeout=15,
            operation_timeout=10,
        )
