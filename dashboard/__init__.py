"""The dashboard: pages that lay out what `core` computes."""
