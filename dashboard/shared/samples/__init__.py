"""Samples shown as pictures or texts, and stepping through them."""
