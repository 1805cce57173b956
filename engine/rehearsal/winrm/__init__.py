"""The WinRM endpoint of a simulated host: HTTP, authentication, WS-Management, PSRP and WinRS shells."""
