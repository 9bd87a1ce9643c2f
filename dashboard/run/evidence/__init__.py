"""What speaks for the turning point."""
