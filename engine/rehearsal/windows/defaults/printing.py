"""Printer drivers and queues that Windows brings along."""

from __future__ import annotations

from engine.rehearsal.windows.image import PrinterDriver
from engine.rehearsal.windows.printing import Printer

_IPP = PrinterDriver(name="Microsoft IPP Class Driver", inf="prnms012.inf", installed=True)
# No document lists what these drivers can do. Not verified: a PDF or XPS file has no sides of a sheet, a text
# has neither sides nor colours, and the class drivers have everything.
_PDF_PAPERS = (
    1,
    3,
    5,
    6,
    7,
    8,
    9,
    11,
    12,
    13,
)  # Letter, Tabloid, Legal, Statement, Executive, A3 to A5, B4, B5
_PDF = PrinterDriver(
    name="Microsoft Print To PDF", inf="prnms009.inf", installed=True, duplex=False, papers=_PDF_PAPERS
)
_XPS = PrinterDriver(
    name="Microsoft XPS Document Writer v4", inf="prnms001.inf", installed=True, duplex=False
)
_TEXT = PrinterDriver(name="Generic / Text Only", inf="prnge001.inf", duplex=False, color=False)
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
        ("Microsoft PCL6 Class Driver", "prnms006.inf"),
        ("Microsoft PS Class Driver", "prnms007.inf"),
        ("Microsoft PWG Raster Class Driver", "prnms013.inf"),
        ("Microsoft Virtual Print Class Driver", "prnms014.inf"),
        ("Universal Print Class Driver", "prnms015.inf"),
    )
)

SERVER = (_IPP, _PDF, _XPS, _POINT_AND_PRINT, _EASY, _TEXT, *_STORE)
WORKSTATION = SERVER

QUEUES = (
    Printer("Microsoft Print to PDF", "Microsoft Print To PDF", "PORTPROMPT:"),
    Printer("Microsoft XPS Document Writer", "Microsoft XPS Document Writer v4", "PORTPROMPT:"),
)
