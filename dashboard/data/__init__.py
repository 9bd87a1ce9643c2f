"""`/data`: what a data set is made of."""
