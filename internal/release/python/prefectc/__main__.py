import os
import subprocess
import sys

from . import find_program

if __name__ == "__main__":
    program = find_program()
    if sys.platform == "win32":  # execv there leaves the shell before the program has ended
        sys.exit(subprocess.run([program, *sys.argv[1:]]).returncode)
    os.execv(program, [program, *sys.argv[1:]])
