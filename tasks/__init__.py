"""Prefect tasks, with as little logic as possible: call the core, log, return. Nothing else is defined here.

A task travels to Dask workers by value and what it refers to by name, so a helper or class beside it
would be missing there; the core is installed on every worker.
"""
