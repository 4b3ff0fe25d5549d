package oracle

import "slices"

// Rows of docs/differences.md, which says what each means and why.
const (
	rowAllow       = "unknown-references"
	rowBlocks      = "blocks-in-job-variables"
	rowChecked     = "checked-first"
	rowCrash       = "said-clearly"
	rowEnvironment = "environment-names"
	rowGoesOn      = "failures-stand-alone"
	rowItems       = "placeholder-items"
	rowMerge       = "job-variables-merge"
	rowOptions     = "options-need-one"
	rowNames       = "names-match"
	rowPool        = "file-beats-default-pool"
	rowQuiet       = "no-change-no-request"
	rowSchedules   = "file-decides-schedules"
	rowSecret      = "secret-in-clear"
	rowShared      = "steps-run-once"
	rowStatic      = "flows-are-read"
)

// allowance is what a case is run with beyond its own arguments: the flags that ask prefectc for Prefect's way.
type allowance struct {
	row   string
	flags string
	only  int // generation; 0 for both
}

func (a allowance) text(generation int) string {
	if a.flags == "" || a.only != 0 && a.only != generation {
		return ""
	}
	return " " + a.flags
}

var allowances = map[string]allowance{
	"templates_everywhere":    {rowBlocks, "--resolve-blocks", 3},
	"seed_templating":         {rowBlocks, "--resolve-blocks", 3},
	"templates_blocks_inline": {rowBlocks, "--resolve-blocks", 3},

	"defaults_pull":            {row: rowAllow, flags: "--allow unknown-reference"},
	"override_steps":           {row: rowAllow, flags: "--allow unknown-reference,reference-order"},
	"steps_custom_module":      {row: rowAllow, flags: "--allow unknown-reference"},
	"steps_shell_env":          {row: rowAllow, flags: "--allow unset-environment-variable"},
	"templates_id_shadowing":   {row: rowAllow, flags: "--allow unknown-reference"},
	"templates_unknown":        {row: rowAllow, flags: "--allow unknown-reference,unknown-step-output,unset-environment-variable,unknown-variable"},
	"templates_unknown_name":   {row: rowAllow, flags: "--allow unknown-reference,unset-environment-variable"},
	"templates_variables":      {row: rowAllow, flags: "--allow unknown-variable"},
	"templates_variables_json": {row: rowAllow, flags: "--allow unknown-variable,invalid-variable-name"},
	"schedules_templated":      {row: rowAllow, flags: "--allow unknown-variable"},

	"cli_multi_ignored": {row: rowOptions, flags: "--allow options-for-several"},

	"templates_blocks_errors": {row: rowSecret, flags: "--allow secret-in-clear"},
	"flow_docstrings":         {row: rowAllow, flags: "--allow unknown-reference"},
	"templates_blocks_nested": {row: rowSecret, flags: "--allow secret-in-clear --resolve-blocks"},
	"templates_blocks":        {row: rowSecret, flags: "--allow secret-in-clear"},
}

// differences are where prefectc is meant to leave something else, by case and generation.
var differences = map[string]map[int][]difference{
	"cli_entrypoint": both(difference{rowNames, "phase6.snapshot.deployments[my-other-flow/new]", ""}),
	"cli_flags": {
		2: {{rowNames, "phase15.snapshot.deployments[my-flow/bare].tags[0]", `"twice"`}},
		3: {
			{rowSchedules, "phase*.snapshot.deployments[my-flow/bare].schedules", ""},
			// The same name twice is one deployment, to which options apply.
			{rowNames, "phase15.snapshot.deployments[0]", ""},
			{rowNames, "phase15.snapshot.unchanged[my-flow/bare]", absent},
			{rowCrash, "phase17.error", `"concurrency-limit-invalid"`},
		},
	},
	"cli_overrides":    {2: overrides("infra_overrides"), 3: overrides("job_variables")},
	"cli_prefect_file": both(difference{rowItems, "phase1.snapshot.deployments[my-flow/staging].tags[0]", `"hello.py"`}),
	"default_work_pool": {
		2: {{rowPool, "phase3.snapshot.deployments[my-flow/own].work_pool_name", `"my-docker-work-pool"`}},
		3: {{rowPool, "phase3.snapshot.deployments[0]", absent}, {rowPool, "phase3.snapshot.unchanged[my-flow/own]", ""}},
	},
	"errors_yaml": {2: {
		// Prefect 2 registers the good deployment before it comes to the broken one.
		{rowChecked, "phase*.snapshot.deployments", absent},
		{rowChecked, "phase*.snapshot.flows", absent},
		{rowChecked, "phase*.snapshot.unchanged", absent},
	}},
	"flow_dependencies": {
		2: {{rowStatic, "phase1.files.created.imported.txt", absent}},
		3: {
			{rowStatic, "phase1.files.created.imported.txt", absent},
			// Where the import fails, Prefect has no version; read off the file, there is always the file's hash.
			{rowStatic, "phase1.snapshot.deployments[boom/boom].version", `"<hash:flows/boom.py>"`},
			{rowStatic, "phase1.snapshot.deployments[computed-name/computed].version", `"<hash:flows/needs.py>"`},
		},
	},
	"flow_identity":       {2: {{rowCrash, "phase4.error", `"name-invalid"`}}},
	"override_steps":      both(difference{rowItems, "phase*.snapshot.deployments[*].tags", ""}),
	"params_invalid":      both(difference{rowChecked, "phase*.snapshot.flows[choices]", absent}),
	"redeploy_changes":    {3: {{rowSchedules, "phase*.snapshot.deployments[my-flow/full].schedules", absent}}},
	"redeploy_everything": {3: {{rowSchedules, "phase3.snapshot.deployments[my-flow/r].schedules", ""}}},
	"redeploy_schedules": {3: {
		{rowSchedules, "phase*.snapshot.deployments[my-flow/s].schedules", ""},
		{rowSchedules, "phase3.snapshot.deployments[my-flow/u]", ""}, // schedules: [] clears them
		{rowSchedules, "phase3.snapshot.unchanged[my-flow/u]", absent},
	}},
	// Prefect registers the good neighbour before it comes to the wrong schedule.
	"schedules_errors":      both(difference{rowChecked, "phase12.snapshot", absent}),
	"seed_push_pull_secret": both(difference{rowShared, "phase1.files.created.s3.log", `"push my-bucket/project-name credentials='s3cr3t-token'\n"`}),
	"seed_reuse_aliases": {3: {
		// No image is built for parameters that the server refuses, nor is the flow registered.
		{rowChecked, "phase1.snapshot.flows", absent},
		{rowChecked, "phase1.files.created.docker.log", absent},
		{rowChecked, "phase2.files.created.docker.log", ""},
		{rowChecked, "phase2.files.modified[0]", absent},
	}},
	"seed_templating": {2: {
		{rowChecked, "snapshot.flows[0]", absent},
		{rowChecked, "files.created.docker.log", absent},
	}},
	"seed_three_deployments": {3: {
		{rowChecked, "phase*.snapshot.flows", absent},
		{rowQuiet, "phase6.snapshot.deployments[yet-another-flow/deployment-3]", absent},
		{rowQuiet, "phase6.snapshot.unchanged[yet-another-flow/deployment-3]", ""},
	}},
	"select_names": {
		2: selectNames(
			// Registered by phase 2 in Prefect, and here by phase 3.
			difference{rowNames, "phase3.snapshot.deployments[0]", ""},
			difference{rowNames, "phase3.snapshot.unchanged[other-dev/my-deployment]", absent},
		),
		3: selectNames(
			// Prefect registers the description "None" at first and none at the next deploy.
			difference{rowQuiet, "phase*.snapshot.deployments", ""},
			difference{rowQuiet, "phase*.snapshot.unchanged", ""},
		),
	},
	"select_single": {
		2: append(selectSingle(), difference{rowNames, "phase7.snapshot.deployments[0]", absent}), // --all -n NAME renames
		3: selectSingle(),
	},
	"steps_custom_module": both(difference{rowItems, "phase*.snapshot.deployments[*].tags", ""}),
	"steps_errors": both(
		difference{rowGoesOn, "phase1.snapshot.deployments[my-flow/after]", ""},
		difference{rowGoesOn, "phase*.snapshot.unchanged[my-flow/after]", ""},
	),
	"steps_requires": both(difference{rowItems, "phase1.snapshot.deployments[my-flow/requires].tags", ""}),
	// tags: ["{{ stdout }}", "x-{{ one.stdout }}-y", "{{ err.stderr }}"]
	"steps_shell_chained": both(
		difference{rowItems, "snapshot.deployments[my-flow/chained].tags[0]", `"||to err"`},
		difference{rowItems, "snapshot.deployments[my-flow/chained].tags[1]", `"x-first-y"`},
		difference{rowItems, "snapshot.deployments[my-flow/chained].tags[2]", `"to err"`},
	),
	"templates_blocks": {3: {{rowBlocks, "snapshot.deployments[my-flow/blocks].job_variables", ""}}},
	"templates_env":    both(templatesEnv()...),
	// tags: ["{{ prefect.variables.env_name }}", "{{ s.stdout }}", plain]
	"templates_everywhere": both(
		difference{rowItems, "snapshot.deployments[my-flow/name-prod].tags[1]", `"out"`},
		difference{rowItems, "snapshot.deployments[my-flow/name-prod].tags[2]", `"plain"`},
	),
	// With the reference allowed, a key it is left out of is as if it were not there; Prefect 3 crashes over the missing tags.
	"templates_id_shadowing": {3: {
		{rowAllow, "phase2.exit", "0"},
		{rowAllow, "phase2.error", "null"},
		{rowAllow, "phase2.snapshot.deployments[0]", ""},
		{rowAllow, "phase3.snapshot.unchanged[my-flow/tags-unknown]", ""},
	}},
	"templates_unknown": {
		2: {{rowItems, unknownPull, ""}},
		3: {{rowItems, unknownPull, ""}, {rowItems, "snapshot.deployments[my-flow/unknown].job_variables.braces", ""}},
	},
	"workpool_errors": both(difference{rowChecked, "phase*.snapshot.flows", absent}),
}

const unknownPull = "snapshot.deployments[my-flow/unknown].pull_steps[0].prefect.deployments.steps.set_working_directory.list"

func overrides(jobVariables string) []difference {
	return append(refuses("phase9", "no-name-matches", rowNames),
		difference{rowMerge, "phase8.snapshot.deployments[my-flow/one]." + jobVariables + ".command", `"file"`})
}

// refuses are the differences of a phase in which prefectc stops where Prefect deploys.
func refuses(phase, kind, row string) []difference {
	return []difference{
		{row, phase + ".exit", "1"},
		{row, phase + ".error", `"` + kind + `"`},
		{row, phase + ".snapshot", absent},
	}
}

// Patterns stay with their flow, and a name that matches nothing is an error.
func selectNames(more ...difference) []difference {
	return append([]difference{
		{rowNames, "phase11.exit", "1"},
		{rowNames, "phase11.error", `"no-name-matches"`},
		{rowNames, "phase2.snapshot.deployments[other-dev/my-deployment]", absent},
		{rowNames, "phase2.snapshot.flows[other-dev]", absent},
		{rowNames, "phase7.error", `"no-name-matches"`},
		{rowNames, "phase8.error", `"no-name-matches"`},
		{rowNames, "phase12.error", `"no-name-matches"`},
		{rowNames, "phase13.error", `"no-name-matches"`},
	}, more...)
}

// A wrong name does not rename the only deployment.
func selectSingle() []difference {
	return slices.Concat(
		refuses("phase2", "no-name-matches", rowNames), refuses("phase3", "no-name-matches", rowNames), refuses("phase5", "no-name-matches", rowNames),
		[]difference{{rowNames, "phase6.error", `"no-name-matches"`}, {rowNames, "phase*.snapshot.unchanged", absent}},
	)
}

func templatesEnv() []difference {
	return append(refuses("phase1", "environment-without-dollar", rowEnvironment), difference{rowEnvironment, "phase2.snapshot", absent})
}

// both makes the same differences hold for both generations.
func both(all ...difference) map[int][]difference {
	return map[int][]difference{2: all, 3: all}
}
