package oracle

// applyFlags are flags beyond the case's own: they ask prefectc for Prefect's way where its own default differs.
var applyFlags = map[string]map[int][]string{
	// Prefect 3 writes the values of blocks into job_variables; prefectc registers the reference unless asked.
	"templates_everywhere":    {3: {"--resolve-blocks"}},
	"seed_templating":         {3: {"--resolve-blocks"}},
	"templates_blocks_inline": {3: {"--resolve-blocks"}},

	// Prefect blanks or drops what refers to nothing; prefectc refuses unless allowed.
	"defaults_pull":            {2: {"--allow", "unknown-reference"}, 3: {"--allow", "unknown-reference"}},
	"override_steps":           {2: {"--allow", "unknown-reference,reference-order"}, 3: {"--allow", "unknown-reference,reference-order"}},
	"steps_custom_module":      {2: {"--allow", "unknown-reference"}, 3: {"--allow", "unknown-reference"}},
	"steps_shell_env":          {2: {"--allow", "unset-environment-variable"}, 3: {"--allow", "unset-environment-variable"}},
	"templates_id_shadowing":   {2: {"--allow", "unknown-reference"}, 3: {"--allow", "unknown-reference"}},
	"templates_unknown":        {2: {"--allow", "unknown-reference,unset-environment-variable,unknown-variable"}, 3: {"--allow", "unknown-reference,unset-environment-variable,unknown-variable"}},
	"templates_unknown_name":   {2: {"--allow", "unknown-reference,unset-environment-variable"}, 3: {"--allow", "unknown-reference,unset-environment-variable"}},
	"templates_variables":      {2: {"--allow", "unknown-variable"}, 3: {"--allow", "unknown-variable"}},
	"templates_variables_json": {2: {"--allow", "unknown-variable,invalid-variable-name"}, 3: {"--allow", "unknown-variable,invalid-variable-name"}},
	"schedules_templated":      {2: {"--allow", "unknown-variable"}, 3: {"--allow", "unknown-variable"}},

	// Prefect stores secrets in clear; prefectc refuses unless allowed.
	"templates_blocks_errors": {2: {"--allow", "secret-in-clear"}, 3: {"--allow", "secret-in-clear"}},
	"templates_blocks":        {2: {"--allow", "secret-in-clear"}, 3: {"--allow", "secret-in-clear"}},
}

// differences are where prefectc is meant to leave something else, by case and generation. See docs/differences.md.
var differences = map[string]map[int][]difference{
	"templates_everywhere":  both(placeholderItems...),
	"steps_shell_chained":   both(shellPlaceholderItems...),
	"seed_push_pull_secret": both(sharedPush),
}

const resolvedItems = "a list item that is one placeholder is resolved, where Prefect deletes it before the steps run"

// tags: ["{{ prefect.variables.env_name }}", "{{ s.stdout }}", plain]
var placeholderItems = []difference{
	{path: "snapshot.deployments[my-flow/name-prod].tags[1]", want: `"out"`, why: resolvedItems},
	{path: "snapshot.deployments[my-flow/name-prod].tags[2]", want: `"plain"`, why: resolvedItems},
}

// tags: ["{{ stdout }}", "x-{{ one.stdout }}-y", "{{ err.stderr }}"]
var shellPlaceholderItems = []difference{
	{path: "snapshot.deployments[my-flow/chained].tags[0]", want: `"||to err"`, why: resolvedItems},
	{path: "snapshot.deployments[my-flow/chained].tags[1]", want: `"x-first-y"`, why: resolvedItems},
	{path: "snapshot.deployments[my-flow/chained].tags[2]", want: `"to err"`, why: resolvedItems},
}

var sharedPush = difference{
	path: "phase1.files.created.s3.log",
	want: `"push my-bucket/project-name credentials='s3cr3t-token'\n"`,
	why:  "two deployments share one push step, which runs once; Prefect runs it for each",
}

// both makes the same differences hold for both generations.
func both(all ...difference) map[int][]difference {
	return map[int][]difference{2: all, 3: all}
}
