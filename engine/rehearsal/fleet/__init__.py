"""A fleet of simulated hosts: read from fleet.json, served by several processes, controlled over a socket."""
