package step

import (
	"errors"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// coreSteps are the functions of prefect.deployments.steps in Prefect 2.20 and 3.8.
var coreSteps = []string{"run_shell_script", "pip_install_requirements", "set_working_directory", "git_clone",
	"pull_from_remote_storage", "pull_with_block"}

// withHint adds the way out to an exception whose cause is plain.
func withHint(path string, err error) error {
	var e *python.Exception
	if !errors.As(err, &e) {
		return err
	}
	hint := ""
	switch name, isCore := strings.CutPrefix(path, stepsModule+"."); {
	case e.Type == "AttributeError" && isCore && e.Message == fmt.Sprintf("module %s has no attribute %s", value.Repr(stepsModule), value.Repr(name)):
		if name == "git_clone_project" {
			hint = "Prefect 3 has only git_clone"
		} else if best, ok := nearest(name, coreSteps); ok {
			hint = fmt.Sprintf("did you mean %q", stepsModule+"."+best)
		}
	case e.Type == "ModuleNotFoundError" && strings.HasPrefix(path, "prefect.projects."):
		hint = "this module is gone since Prefect 2.10.21; the steps are in " + stepsModule
	case e.Type == "ModuleNotFoundError" && e.Message == fmt.Sprintf("No module named %s", value.Repr(strings.SplitN(strings.ReplaceAll(path, ":", "."), ".", 2)[0])):
		hint = "install it in the environment of Prefect, or name its package with requires"
	}
	return &Error{Type: e.Type, Message: e.Message, Hint: hint, Traceback: e.Traceback, Err: e}
}
