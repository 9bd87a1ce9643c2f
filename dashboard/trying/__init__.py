"""`/try`: a trained network is asked about drawings and texts."""
