"""What stands on the page of comparisons."""
