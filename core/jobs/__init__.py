"""Trainings as jobs: the database is the queue, Dask carries the runs out, a process of its own gives them out.

- `queue`: what pages and the command line call. It needs neither Dask nor Keras.
- `supervisor`: starts the engine process beside a web server, and says how it is.
- `engine`: that process (`python -m core.jobs.engine`). It holds the Dask cluster, or the connection to one.
- `dispatcher`: gives each free worker the next run, and ends runs whose worker no longer can.
- `worker`, `task`: what happens in a worker process.
- `inference_client`: how pages ask quick questions; `protocol` says how they travel, `inference_server` takes them in
  the engine, `inference_worker` and `inference_task` are what happens in the worker process that answers them.
"""
