"""From an experiment to a network: built in Keras, written as a script, drawn as a diagram.

`core.models.build` needs Keras; `core.models.code` and `core.models.diagram` do not and may be used by
the web process.
"""

import os

from core.models.lean_import import install

# A keras.json in the home of whoever runs this is meant for other programs, and may name a back end that is not
# here. Keras reads it when it is imported, which happens in modules of this package and of those that import it.
os.environ["KERAS_BACKEND"] = "tensorflow"

# TensorFlow reads this at its import. By itself it takes oneDNN on some processors only, without which a step of a
# network of convolutions takes twice as long; and whether it does changes the last digits. The exported script says
# the same. What somebody has put into the environment goes before.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

install()
