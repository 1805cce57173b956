"""PowerShell Remoting through pypsrp: typed statements out, plain data back."""
