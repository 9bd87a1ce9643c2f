"""What stands on the try page."""
