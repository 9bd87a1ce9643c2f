"""Studies, on the page of comparisons: an experiment repeated and varied."""
