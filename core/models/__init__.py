"""From an experiment to a network: built in Keras, written as a script, drawn as a diagram.

`core.models.build` needs Keras; `core.models.code` and `core.models.diagram` do not and may be used by
the web process.
"""

import os

# A keras.json in the home of whoever runs this is meant for other programs, and may name a back end that is not
# here. Keras reads it when it is imported, which happens in modules of this package and of those that import it.
os.environ["KERAS_BACKEND"] = "tensorflow"
