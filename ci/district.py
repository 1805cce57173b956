"""Makes a whole district for measuring: schools with a server, labs, a library, carts of laptops and offices.

    python -m ci.district FOLDER --schools 170

Each school has 600 hosts with about 40 resources each, through profiles, groups of schools, layers and
templates as in the sample. What all schools share stands in ci/district_files. The same numbers always give
the same files. With `--own-values` every host gets a value that no other host has, so that no two are alike.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

LABS, LAB_SEATS = 12, 30
CARTS, CART_SEATS = 5, 32
LIBRARY_SEATS, DESKS, OFFICES = 14, 4, 61
HOSTS = 1 + LABS * LAB_SEATS + CARTS * CART_SEATS + LIBRARY_SEATS + DESKS + OFFICES

_SHARED = Path(__file__).parent / "district_files"
_LEVELS = ("elementary", "middle", "high")
_PRODUCTS = (
    *("chrome", "firefox-esr", "7zip", "vlc", "geogebra", "gimp", "notepadpp", "libreoffice", "audacity"),
    *("scratch-desktop", "arduino-ide", "testnav", "papercut-client"),
)

_PRODUCT = """\
software: {name}
title: The product {name}
publisher: Example Software
versions:
  - version: 6.0.{number}
    installer:
      type: exe
      source: media/{name}.exe
      sha256: {sha256}
      arguments: [/S]
    detection:
      uninstall_entry: {{key: '{name}'}}
    uninstall:
      executable: C:\\Program Files\\{name}\\uninstall.exe
      arguments: [/S]
"""

_OWN_VALUES = r"""
# Found nowhere twice: no two hosts are alike.
registry_values:
  - key: 'HKLM\SOFTWARE\BCPS'
    name: AssetName
    type: string
    data: 'BCPS {{ host.name }}'
    hosts: workstation
"""


def make_district(folder: Path, schools: int, *, own_values: bool = False) -> Path:
    """Write manifests and templates into the new `folder`; returns the manifests' folder.

    Raises:
        ValueError: the number of schools is out of range.
        FileExistsError: `folder` is there already.
    """
    if not len(_LEVELS) <= schools <= 999:  # one of each level, so that no group is without schools
        raise ValueError(f"from {len(_LEVELS)} to 999 schools, not {schools}")
    shutil.copytree(_SHARED, folder)
    manifests = folder / "manifests"
    for path, text in _files(schools, own_values):
        target = manifests / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return manifests


def school_name(number: int) -> str:
    """The short name of a school, counted from 1."""
    return f"school-{number:03}"


def _files(schools: int, own_values: bool) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(_PRODUCTS):
        installer = f"An installer of {name}.\n"
        sha256 = hashlib.sha256(installer.encode()).hexdigest()
        yield f"media/{name}.exe", installer
        yield f"catalog/software/{name}.yaml", _PRODUCT.format(name=name, number=number, sha256=sha256)
    for number in range(1, schools + 1):
        for name, text in _school(number).items():
            yield f"schools/{school_name(number)}/{name}", text
        if own_values:
            yield f"schools/{school_name(number)}/own-values.yaml", _OWN_VALUES.lstrip()


def _school(number: int) -> Mapping[str, str]:
    prefix = f"S{number:03}"
    labs = [f"{101 + lab}" for lab in range(LABS)]
    return {
        "school.yaml": _hosts(number, prefix, labs),
        "profiles.yaml": _uses(prefix, labs),
        "printers.yaml": _printers(number, labs),
        "resources.yaml": _resources(prefix, labs),
    }


def _hosts(number: int, prefix: str, labs: list[str]) -> str:
    text = f"""# School {number}: its hosts.
school: {school_name(number)}
name: School {number}
groups: [{_LEVELS[number % 3]}]

vars: {{prefix: {prefix}}}

hosts:
  server: {{name: {prefix}-SRV01, roles: [server]}}
"""
    for room in labs:
        text += f"""  lab-{room}:
    range: '{prefix}-L{room}-[01-{LAB_SEATS + 1}]'
    except: {prefix}-L{room}-13  # broken, will not come back
    roles: [workstation, lab]
    room: '{room}'
    model: OptiPlex 7010
"""
    for cart in range(1, CARTS + 1):
        text += f"""  cart-{cart}:
    range: '{prefix}-C{cart}-[01-{CART_SEATS}]'
    roles: [workstation, laptop]
"""
    desks = ", ".join(f"{prefix}-DESK-{desk}" for desk in range(1, DESKS + 1))
    return f"""{text}  library:
    range: '{prefix}-LIB-[01-{LIBRARY_SEATS}]'
    roles: [workstation, library]
    room: Library
  desks: {{names: [{desks}], roles: [workstation], room: Office}}
  offices: {{range: '{prefix}-OFF-[01-{OFFICES}]', roles: [workstation, office]}}
"""


def _uses(prefix: str, labs: list[str]) -> str:
    text = "profiles:\n"
    for room in labs:
        text += f"""  - use: computer-lab
    hosts: lab-{room}
    with:
      default_printer: L{room}-Laser
      blocked_sites: ['*://*.games.example/*', '*://{room}.example/*']
"""
    text += "  - {use: computer-lab, hosts: library, with: {default_printer: Library-Color}}\n"
    for cart in range(1, CARTS + 1):
        lid = ", with: {lid: nothing}" if cart == CARTS else ""
        text += f"  - {{use: laptop, hosts: cart-{cart}{lid}}}\n"
    return f"""{text}  - use: managed-browser
    hosts: [offices, desks, {prefix}-C1-01]
    with: {{homepage: 'https://staff.bcps.example'}}
"""


def _printers(number: int, labs: list[str]) -> str:
    network = f"10.{number % 250}"
    text = "# A printer for each room, all on the school's server.\nprinters:\n"
    for index, room in enumerate(labs):
        text += f"""  - name: L{room}-Laser
    hosts: server
    model: hp-m611
    address: {network}.{index}.21
    location: Room {room}
    shared: true
"""
    return f"""{text}  - name: Library-Color
    hosts: server
    model: xerox
    address: {network}.99.21
    location: Library
    shared: true
    share_name: Library
"""


def _resources(prefix: str, labs: list[str]) -> str:
    text = rf"""# What this school has beyond the district's profiles.
shares:
  - name: Staff
    hosts: server
    description: Documents of the staff and of the front office
    access: {{read: ['BCPS\{prefix}-FrontOffice']}}
  - name: Public
    hosts: server
    path: D:\Shares\Public
    state: absent

software:
  - {{name: libreoffice, hosts: workstation}}
  - {{name: notepadpp, hosts: [offices, library, lab]}}
  - {{name: papercut-client, hosts: [offices, desks]}}
  - {{name: arduino-ide, hosts: [lab-{labs[0]}, lab-{labs[1]}]}}
  - {{name: testnav, hosts: '{prefix}-L{labs[2]}-[01-12]'}}

services:
  - {{name: Spooler, start: automatic, hosts: workstation}}
  - {{name: Spooler, start: disabled, state: stopped, hosts: [{prefix}-LIB-01, {prefix}-LIB-02]}}

registry_values:
"""
    for index in range(1, 7):
        text += rf"""  - key: 'HKLM\SOFTWARE\BCPS\School'
    name: Value{index}
    type: string
    data: '{prefix} {index} {{{{ vars.helpdesk }}}}'
    hosts: workstation
"""
    return text


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ci.district", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--schools", type=int, default=170, help=f"of {HOSTS} hosts each (default: 170)")
    parser.add_argument("--own-values", action="store_true", help="no two hosts are alike")
    options = parser.parse_args()
    make_district(options.folder, options.schools, own_values=options.own_values)


if __name__ == "__main__":
    main()
