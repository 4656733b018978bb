"""What is measured, as commands: ``python -m profiling.NAME``."""
