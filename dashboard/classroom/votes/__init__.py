"""What a teacher asks a class: votes in two rounds, exit tickets, and what all have predicted together."""
