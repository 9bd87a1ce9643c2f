"""What stands on the lab page, and the draft behind it."""
