"""Trainings as jobs: the database is the queue, Dask carries the runs out, a process of its own gives them out.

- `queue`: what pages and the command line call. It needs neither Dask nor Keras.
- `supervisor`: starts the engine process beside a web server; `status` says how it is, `engine_home` what it keeps.
- `engine`: that process (`python -m core.jobs.engine`). It holds the Dask `cluster`, or the connection to one.
- `dispatcher`: gives each free worker of the `worker_pool` the next run, and ends runs whose worker no longer can;
  `worker_groups` says how many may have one at a time, so that others rest and are ready for the next.
- `worker`, `tasks`: what happens in a worker process; `join` starts workers for a cluster elsewhere.
- `inference_client`: how pages ask quick questions; `protocol` says how they travel, `inference_server` takes them in
  the engine and has a worker process of its own answer them.
"""
