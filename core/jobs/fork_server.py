"""What the fork server of this computer's workers imports, once, at its start.

Every worker process is forked from it with Keras already there, which turns seconds into tenths. Only imports
may happen here: threads that TensorFlow makes at its first operation would not survive a fork.
"""

from __future__ import annotations

from core.jobs.processes import end_with_parent

# The fork server goes when the engine goes, and every worker goes with the fork server.
end_with_parent()

import core.jobs.worker  # noqa: E402, F401
