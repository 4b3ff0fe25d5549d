import importlib


def load_flow_from_entrypoint(entrypoint):
    raise LookupError(f"no flow {entrypoint}")
