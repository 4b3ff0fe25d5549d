import prefect
@prefect.flow
def sp(): pass
