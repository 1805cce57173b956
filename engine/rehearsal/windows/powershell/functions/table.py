"""The emulated functions by name in lower case, each with the digest of the text it was written for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.powershell.functions import (
    accounts,
    files,
    products,
    reboot,
    registry,
    rows,
    signers,
)
from engine.rehearsal.windows.powershell.functions.emulation import Emulation

EMULATIONS: Mapping[str, Emulation] = MappingProxyType(
    {
        "assert-rollcallsigner": Emulation(
            "9d52a68b071732a8292b2515dedadd653f5ed5f464e7384d2ec5900bcedb4402", signers.check
        ),
        "convertto-rollcalltable": Emulation(
            "3b9f642a0cdf179a62353e68ab48edaa5aa1223e284c73e88a559288476c1809", collect=rows.convert_to_table
        ),
        "get-rollcallfileversion": Emulation(
            "383975f41dafd5fee7392ea50e549f871e9e65acf05e3961a1139c5dd5181164", files.get
        ),
        "get-rollcallinstalledproduct": Emulation(
            "4d1ddd0f794555042b375660aa36def057875dd9ff5745cc370da7d6f38f216f", products.get
        ),
        "get-rollcallpendingreboot": Emulation(
            "5f8dea86cb5d82909d4eb070cf772f79fa232cefcae70094a6f6addbb7da3d70", reboot.get
        ),
        "get-rollcallregistryvalue": Emulation(
            "4dbf724cf2cab3156c631871581ce4b0af9a0b22825e7826fcac3e96d3885b83", registry.get
        ),
        "remove-rollcallregistryvalue": Emulation(
            "01fb1509a6777246782befad15af7b54c8d17b06c49d747d3dff716896225950", registry.remove
        ),
        "resolve-rollcallaccount": Emulation(
            "694ed86c5828937e0024d746314117805a6f594b2ecd2a29010a02c2d7cfce4b", accounts.resolve
        ),
        "set-rollcallregistryvalue": Emulation(
            "3ee9276babc74b8d6f7ab80f497178525d844ab484b87bba25ff94b5b958657d", registry.set_value
        ),
    }
)
