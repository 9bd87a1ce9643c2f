"""Training an experiment and recording what happens, in a process that has Keras.

- `recorders`: what a training tells while it runs
- `train`: the loop over the epochs
- `execute`: the whole way of one run, from the data to the evaluation
"""

import core.models  # noqa: F401 - which tells Keras its back end
