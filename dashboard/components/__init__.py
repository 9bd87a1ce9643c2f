"""Browser components of our own: plain JavaScript and CSS, read at import, no build step."""
