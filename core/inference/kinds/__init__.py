"""The kinds of questions to a network: each module has requests, their answers, and what answers them.

A module that lies here is found by itself (`core.inference.request.request_types`). None loads Keras when imported.
"""
