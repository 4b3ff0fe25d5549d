raise RuntimeError("a file of the project shadows the standard library")
