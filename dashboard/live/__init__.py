"""A run that is under way."""
