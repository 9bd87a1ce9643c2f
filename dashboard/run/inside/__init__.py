"""The inside of a trained network: weights, activations, units."""
