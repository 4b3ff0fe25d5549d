import os
import sys
import sysconfig


def find_program(name: str = "prefectc") -> str:
    """The path of ``prefectc`` or ``prefect-lsp`` as pip installed it; FileNotFoundError where it is gone."""
    if sys.platform == "win32":
        name += ".exe"
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
        if hasattr(sysconfig, "get_preferred_scheme")
        else None,
        os.path.join(package, "bin"),  # pip install --target
    ]
    for folder in folders:
        if folder and os.path.isfile(os.path.join(folder, name)):
            return os.path.join(folder, name)
    raise FileNotFoundError(f"{name} is in none of {[f for f in folders if f]}; reinstall prefectc")
