"""What stands on the page of runs: the list, and one of them with all that can be read from it."""
