"""Quick questions to a trained network.

`questions` has the records of questions and answers, and needs nothing heavy; `answering` answers them in a process
with Keras. How the one gets to the other is the business of `core.jobs.inference_client`.
"""
