"""How well the network of a run reads other sets."""
