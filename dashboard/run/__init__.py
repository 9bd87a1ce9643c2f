"""`/run`: the list of runs, and what came of one."""
