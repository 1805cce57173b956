"""Drawings of the graph: Mermaid, DOT and SVG. JSON is the document itself."""
