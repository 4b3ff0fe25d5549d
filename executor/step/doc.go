// Package step runs one deployment step whose inputs are already resolved.
//
// The steps that Prefect itself ships (run_shell_script, pip_install_requirements, set_working_directory, git_clone) run
// in Go with the inputs, outputs and errors of Prefect 2.20 or 3.8, whichever generation the [Runner] is set to. Every
// other step is Python: package python, beside this one, keeps an interpreter of the user's for the whole apply and
// calls the step through Prefect's own loader, so that `requires` behaves the same.
//
// A Runner never changes the working directory of this process. It keeps its own, in Dir, which set_working_directory
// and Python steps may move, and gives it to every process it starts.
//
// An [Error] carries what Prefect would raise (Python exception class and message) and, apart from it, a hint in clear
// words. Values of inputs that hold credentials are masked in errors and in output.
package step
