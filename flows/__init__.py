"""Prefect flows and the command that runs one: the only place with control flow over futures."""
