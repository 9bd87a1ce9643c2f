"""Any epoch of a run looked back at."""
