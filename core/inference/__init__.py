"""Quick questions to a trained network.

A kind of question is one module of `kinds`: the request, its answer, and the function that answers it. `request` finds
them by their kind and puts them into JSON, without Keras; `service` answers them, in a process that keeps networks
open. How the one gets to the other is the business of `core.jobs.inference_client`.
"""
