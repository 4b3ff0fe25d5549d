"""Stands in for Prefect where a test is about the connection to the interpreter only."""

__version__ = "0.0-fake"
