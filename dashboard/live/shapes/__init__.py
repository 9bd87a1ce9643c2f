"""The shapes that the curves of a run could be confused with, beside them."""
