class PrefectDeprecationWarning(DeprecationWarning):
    pass
