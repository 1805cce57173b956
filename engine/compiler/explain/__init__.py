"""Where everything was written: recomputed, for what is asked about, from the pieces that compile it."""
