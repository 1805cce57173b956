"""The manifest language as plain data, read off the models, for the editor's schemas and the reference."""
