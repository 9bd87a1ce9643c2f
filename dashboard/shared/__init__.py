"""What several pages use. It imports no page and not the server."""
