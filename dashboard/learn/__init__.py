"""`/learn`: lessons, step by step: a few sentences, a figure, one thing to do, and a look at what came of it."""
