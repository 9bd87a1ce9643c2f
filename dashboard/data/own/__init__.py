"""Own data on the data page: the way in, and what one keeps."""
