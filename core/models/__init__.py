"""From an experiment to a network: built in Keras, written as a script, drawn as a diagram.

`core.models.build` needs Keras; `core.models.code` and `core.models.diagram` do not and may be used by
the web process.
"""
