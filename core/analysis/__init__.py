"""What can be read from a run: its turning point, its mistakes. No Keras, no storage, no drawing."""
