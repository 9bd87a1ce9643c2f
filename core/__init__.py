"""Turning Point without a user interface: experiments, data, training, analysis, storage, jobs."""

__version__ = "0.1.0"
