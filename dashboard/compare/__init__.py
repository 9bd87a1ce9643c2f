"""`/compare`: several runs on common axes, and the verdicts about them."""
