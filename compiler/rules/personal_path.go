package rules

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pattern"
)

var personalPath = &Rule{
	Name:     "personal-path",
	Severity: diag.Info,
	Summary:  "a pull step with a directory of one person's machine",
	Run: func(p *Pass) {
		coreSteps(p, func(s *StepUse) {
			if s.Action.Section != model.Pull {
				return
			}
			dir, ok := s.text("directory")
			if !ok {
				return
			}
			span := s.argument("directory").Span
			switch {
			case windowsPath.MatchString(dir):
				reportStep(p, s, span, `"%s" is a directory of a windows machine: the flow only runs on workers that have it`, dir)
			case ofOnePerson(dir):
				reportStep(p, s, span, "%q is a directory of one person's machine: the flow only runs on workers that have it", dir)
			}
		}, "set_working_directory", "pip_install_requirements", "run_shell_script")
	},
}

var (
	windowsPath = pattern.New(`^[A-Za-z]:[\\/]`)
	homePath    = pattern.New(`^/(?:Users|home)/([^/]+)`)
)

// serviceUsers are users of machines and images, not people.
var serviceUsers = []string{
	"prefect", "app", "appuser", "ubuntu", "debian", "ec2-user", "azureuser", "admin", "root", "user", "jovyan", "vscode", "runner",
	"worker", "deploy", "airflow", "service", "shared", "flows", "data", "coder", "docker", "nonroot", "node", "opc", "centos", "pi", "slurm",
}

func ofOnePerson(dir string) bool {
	m := homePath.FindStringSubmatch(dir)
	return m != nil && !slices.Contains(serviceUsers, strings.ToLower(m[1]))
}
