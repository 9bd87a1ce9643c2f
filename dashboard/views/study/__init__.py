"""Studies: the form that makes one, and the page that shows it."""
