"""The emulated functions by name in lower case, each with the digest of the text it was written for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.powershell.functions import accounts, files, products, reboot, registry
from engine.rehearsal.windows.powershell.functions.emulation import Emulation

EMULATIONS: Mapping[str, Emulation] = MappingProxyType(
    {
        "get-rollcallfileversion": Emulation(
            "a692760e1da9cdab403483c8e1b9f1049e1bf0c06e331330468b2a03f80ef375", files.get
        ),
        "get-rollcallinstalledproduct": Emulation(
            "785a79d9c78df746c42ccf79e8bdf1d11c53fa125e57fed6fe0c7737767b43ec", products.get
        ),
        "get-rollcallpendingreboot": Emulation(
            "4966579c06851a61618c8a6190c6007963f67e95186930819dba503c8c65c8ed", reboot.get
        ),
        "get-rollcallregistryvalue": Emulation(
            "63e48966917866502116511d3bcc21ba94a8e25a861100cfa720c7fc6c04858c", registry.get
        ),
        "remove-rollcallregistryvalue": Emulation(
            "26eac7eee813c1619573a044d7fada0bc25ec822f4b9eb4a4998f14e8ff41eda", registry.remove
        ),
        "resolve-rollcallaccount": Emulation(
            "f29711ac0663c990bd75704c8db9ea33c033d9d68f9438d610f434f4989678c2", accounts.resolve
        ),
        "set-rollcallregistryvalue": Emulation(
            "a81dd528d3625925e58ed22a77f2371435ba5a49af966af95789809cfadc7a07", registry.set_value
        ),
    }
)
