"""What the reviewed functions do, by hand: each emulation names the very text that it was written for."""
