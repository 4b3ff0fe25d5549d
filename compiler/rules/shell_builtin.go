package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var shellBuiltin = &Rule{
	Name:     "shell-builtin",
	Severity: diag.Error,
	Deploys:  true, // some systems have a program cd, and on Windows Prefect 3 always uses the shell
	Summary:  "cd, export and the like in a script that runs without a shell: there are no such programs",
	Run: func(p *Pass) {
		scripts(p, func(s *script) {
			if s.shell {
				return
			}
			for _, l := range s.lines {
				name := l.first()
				if _, _, operator := l.operator(); !builtin[name] || operator != "" {
					continue // of a line that needs a shell shell-operator-without-shell speaks
				}
				msg := "is part of the shell, and the script runs without one"
				if name == "cd" || name == "pushd" {
					msg += `: give "directory" instead`
				} else if name == "export" {
					msg += `: give "env" instead`
				} else if p.Generation() == schema.Prefect3 {
					msg += `: add "shell: true" and write it on one line with what needs it`
				}
				reportStep(p, s.StepUse, s.span(p, l.words[0].at, len(name)), "%q %s", name, msg).At(s.Path + ".script")
			}
		})
	},
}

// builtin are commands of the shell for which there is usually no program.
var builtin = map[string]bool{
	"cd": true, "export": true, "source": true, ".": true, "set": true, "unset": true, "alias": true, "eval": true, "exec": true,
	"pushd": true, "popd": true, "trap": true, "shopt": true, "declare": true, "local": true, "exit": true, "umask": true,
}
