"""What stands on the data page."""
