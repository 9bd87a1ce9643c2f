"""Makes the files of recorded runs (`core/recorded/runs/`) from the real data."""
