"""How sure the network was, and whether rightly."""
