"""Where on the way in, or among one's own sets, the data page is: what its address says of that."""

from __future__ import annotations

from dashboard.shared.url_state import Property

NEW, MINE = "new", "mine"
OWN = Property("own", "")
"""`NEW` for choosing files, `MINE` for the list of one's own sets, or the token of a way that is under way."""
