"""A run under way, replayed, predicted, guessed at, unsealed: what several pages show of it."""
