"""One module a layout, from the one before it."""
