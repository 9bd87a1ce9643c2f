"""What the fork server of this computer's workers imports, once, at its start.

Every worker process is forked from it with Keras already there, which turns seconds into tenths. Only imports
may happen here: threads that TensorFlow makes at its first operation would not survive a fork.
"""

from __future__ import annotations

from core.jobs.processes import end_with_parent, release_file_pages
from core.lasting import keep, uncollected

# The fork server goes when the engine goes, and every worker goes with the fork server.
end_with_parent()

with uncollected():
    import core.jobs.worker  # noqa: F401

# What is there now is there for good. A collector that went through it would write into each of its objects, and every
# worker would have a copy of its own: over 100 MB each, where they have it in common as long as nobody writes.
keep()
release_file_pages()  # each worker maps those that it uses itself
