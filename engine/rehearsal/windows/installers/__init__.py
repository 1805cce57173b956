"""Native programs of a simulated host: Windows Installer on real packages, EXE installers, system tools."""
