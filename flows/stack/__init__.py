"""Prefect on one machine: a server, a worker and the deployments, as ``mediacensus up`` brings them up."""
