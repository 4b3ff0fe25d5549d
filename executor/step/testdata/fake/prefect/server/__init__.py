"""A stand-in: what is looked for before "prefect server start" is run."""
