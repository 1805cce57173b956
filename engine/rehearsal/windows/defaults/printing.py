"""Printer drivers and queues that Windows brings along."""

from __future__ import annotations

from engine.rehearsal.windows.image import PrinterDriver
from engine.rehearsal.windows.printing import Printer

_IPP = PrinterDriver(name="Microsoft IPP Class Driver", inf="prnms012.inf", installed=True)
_PDF = PrinterDriver(name="Microsoft Print To PDF", inf="prnms009.inf", installed=True)
_XPS = PrinterDriver(name="Microsoft XPS Document Writer v4", inf="prnms001.inf", installed=True)
_POINT_AND_PRINT = PrinterDriver(
    name="Microsoft enhanced Point and Print compatibility driver",
    inf="prnms003.inf",
    installed=True,
    major_version=3,
)
_EASY = PrinterDriver(name="Remote Desktop Easy Print", inf="tsprint.inf", installed=True, major_version=3)
# In the driver store, but of no use to a queue until Add-PrinterDriver names them.
_STORE = tuple(
    PrinterDriver(name=name, inf=inf)
    for name, inf in (
        ("Generic / Text Only", "prnge001.inf"),
        ("Microsoft PCL6 Class Driver", "prnms006.inf"),
        ("Microsoft PS Class Driver", "prnms007.inf"),
        ("Microsoft PWG Raster Class Driver", "prnms013.inf"),
        ("Microsoft Virtual Print Class Driver", "prnms014.inf"),
        ("Universal Print Class Driver", "prnms015.inf"),
    )
)

SERVER = (_IPP, _PDF, _XPS, _POINT_AND_PRINT, _EASY, *_STORE)
WORKSTATION = SERVER

QUEUES = (
    Printer("Microsoft Print to PDF", "Microsoft Print To PDF", "PORTPROMPT:"),
    Printer("Microsoft XPS Document Writer", "Microsoft XPS Document Writer v4", "PORTPROMPT:"),
)
