"""Forms made from the fields of an experiment: bounds, units and help texts come from there."""
