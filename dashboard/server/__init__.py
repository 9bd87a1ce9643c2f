"""The web server around the pages: what is started and stopped with it, its own addresses, its cookie."""
