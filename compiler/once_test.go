package compiler_test

import (
	"slices"
	"testing"
)

// One mistake is said once: what follows from it is left to the next check.
func TestOneMistakeIsOneFinding(t *testing.T) {
	const (
		head = "deployments:\n- name: a\n  entrypoint: a.py:a\n"
		pool = "  work_pool: {name: pool}\n"
		pull = "pull:\n- prefect.deployments.steps.set_working_directory: {directory: /opt/flows}\n"
	)
	for name, c := range map[string]struct{ text, rule string }{
		"a step without its colon":       {head + pool + "pull:\n- prefect.deployments.steps.set_working_directory\n    directory: /opt\n", "yaml-syntax"},
		"a pull section that is no step": {head + pool + "  pull:\n    type: local\n", "invalid-step-path"},
		"a recipe named as a step":       {head + pool + "pull:\n- prefect: recipe\n", "invalid-step-path"},
		"steps among the deployments": {head + pool + "- prefect.deployments.steps.git_clone:\n    repository: https://git.example/team/a.git\n" + pull,
			"missing-name"},
		"a misspelt entrypoint":  {"deployments:\n- name: a\n  entrypont: a.py:a\n" + pool + pull, "unknown-key"},
		"a misspelt name":        {"deployments:\n- nmae: a\n  entrypoint: a.py:a\n" + pool + pull, "unknown-key"},
		"a misspelt work pool":   {head + "  workpool: {name: pool}\n" + pull, "unknown-key"},
		"a misspelt argument":    {head + pool + "pull:\n- prefect.deployments.steps.git_clone: {repositroy: 'https://git.example/a.git'}\n", "unknown-step-argument"},
		"an argument's old name": {head + pool + "pull:\n- prefect.deployments.steps.set_working_directory: {dir: /opt}\n", "unknown-step-argument"},
		"a misspelt filter":      {head + pool + "  triggers:\n  - expects: [a]\n" + pull, "unknown-key"},
		"a work pool that is not indented": {head + "  work_pool:\n  name: pool\n  job_variables: {image: a}\n" + pull,
			"null-value"},
		"a schedule in two": {head + pool + "  schedules:\n  - cron: 0 0 * * *\n  - timezone: UTC\n" + pull, "missing-key"},
		"a schedule in the old form beside the new": {head + pool + "  schedule: {cron: 0 0 * * *}\n  schedules:\n  - {cron: 0 1 * * *, slug: a}\n" + pull,
			"schedule-and-schedules"},
		"a merge without an anchor":  {head + "  work_pool:\n    <<: *pool\n    name: pool\n" + pull, "unknown-alias"},
		"an alias without an anchor": {head + "  work_pool: *pool\n" + pull, "unknown-alias"},
		"a deployment among steps": {head + pool + "  pull:\n  - prefect.deployments.steps.set_working_directory: {directory: /opt}\n" +
			"  - name: b\n    entrypoint: b.py:b\n    work_pool: {name: pool}\n", "step-shape"},
	} {
		var rules []string
		for _, d := range (example{name: name}).check(t, c.text).Diagnostics {
			rules = append(rules, d.Rule)
		}
		if !slices.Equal(rules, []string{c.rule}) {
			t.Errorf("%s: found %q, want only %q", name, rules, c.rule)
		}
	}
}
