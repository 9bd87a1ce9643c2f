"""`/lab`: an experiment is put together and trained."""
