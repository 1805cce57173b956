"""One file per document type: what a person may write in it. The docstrings are the reference's text."""
