"""Trainings as jobs: the database is the queue, Dask carries the runs out, a process of its own gives them out.

- `queue`: what pages and the command line call. It needs neither Dask nor Keras.
- `supervisor`: starts the engine process beside a web server, and says how it is.
- `engine`: that process (`python -m core.jobs.engine`). It holds the Dask cluster, or the connection to one.
- `dispatcher`: gives each free worker the next run, and ends runs whose worker no longer can.
- `worker`, `task`: what happens in a worker process.
- `answers`: how pages ask quick questions; `wire` signs them on their way, `desk` takes them in the engine, and
  `answering`, `answer_task` are what happens in the worker process that answers them.
"""
