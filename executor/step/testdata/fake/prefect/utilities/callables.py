def parameter_schema(flow):
    return flow
