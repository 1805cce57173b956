"""The emulated cmdlets, one module per family; `table` lists them all."""
