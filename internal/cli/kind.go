package cli

// kinds names, for scripts, what a finding that stops an apply means in terms of Prefect's own failure.
var kinds = map[string]string{ //nolint:gochecknoglobals // a constant table
	"unknown-work-pool": "work-pool-not-found", "missing-work-pool": "work-pool-missing", "agent-work-pool": "work-pool-is-agent",
	"missing-entrypoint": "entrypoint-missing", "missing-name": "name-missing", "unknown-block": "block-not-found",
	"parameter-type": "parameters-rejected", "flow-not-found": "flow-not-found", "flow-not-loaded": "flow-not-found", "not-a-flow": "flow-not-found",
	"entrypoint-file-not-found": "file-not-found", "invalid-cron": "schedule-invalid", "invalid-rrule": "schedule-invalid",
	"invalid-interval": "schedule-invalid", "invalid-timezone": "schedule-invalid", "invalid-anchor-date": "schedule-invalid",
	"schedule-and-schedules": "schedule-and-schedules", "no-schedule-kind": "schedule-unknown", "sla-needs-cloud": "sla-cloud-only",
	"block-with-text": "block-inline", "malformed-block-reference": "block-reference-invalid", "unresolvable-template": "block-keypath",
	"wrong-type": "config-invalid", "null-value": "config-invalid", "exclusive-keys": "config-invalid", "unknown-key": "config-invalid",
	"yaml-syntax": "config-unreadable", "unquoted-template": "config-unreadable", "unquoted-star": "config-unreadable",
	"unknown-alias": "config-unreadable", "duplicate-anchor": "config-unreadable", "tab-indentation": "config-unreadable",
	"multiple-documents": "config-unreadable", "unhashable-key": "config-unreadable", "invalid-merge": "config-unreadable",
	"not-a-mapping": "config-unparsable", "empty-file": "config-unparsable", "unquoted-date": "template-type",
}

func kindOf(rule string) string {
	if k := kinds[rule]; k != "" {
		return k
	}
	return rule
}
