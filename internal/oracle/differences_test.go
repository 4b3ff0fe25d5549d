package oracle

// applyFlags are flags beyond the case's own: they ask prefectc for Prefect's way where its own default differs.
var applyFlags = map[string]map[int][]string{
	// Prefect 3 writes the values of blocks into job_variables; prefectc registers the reference unless asked.
	"templates_everywhere": {3: {"--resolve-blocks"}},
	"seed_templating":      {3: {"--resolve-blocks"}},
}

// differences are where prefectc is meant to leave something else, by case and generation. See docs/differences.md.
var differences = map[string]map[int][]difference{}
