"""`/`: the first page."""
