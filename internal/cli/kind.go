package cli

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// Kinds of failure that more than one rule belongs to. They are words for scripts, see [kindVariable].
const (
	kindInvalid     = "config-invalid"    // Prefect 3 discards the whole file
	kindMalformed   = "config-malformed"  // Prefect crashes over the shape of the file
	kindUnreadable  = "config-unreadable" // no YAML
	kindUnparsable  = "config-unparsable" // YAML, but no mapping
	kindSchedule    = "schedule-invalid"
	kindUnknown     = "schedule-unknown"
	kindTrigger     = "trigger-invalid"
	kindConcurrency = "concurrency-limit-invalid"
	kindDeployment  = "deployment-invalid"
	kindParameters  = "parameters-rejected"
	kindJobVariable = "job-variables-rejected"
	kindFlow        = "flow-not-found"
	kindScript      = "flow-script-error"
	kindModule      = "module-not-found"
	kindFile        = "file-not-found"
	kindTemplate    = "template-type"
	kindStep        = "step-failed"
	kindRefused     = "server-refused"
)

// kinds names what a finding that stops an apply means in terms of Prefect's own failure.
var kinds = map[string]string{ //nolint:gochecknoglobals // a constant table
	executor.RulePool: "work-pool-not-found", executor.RuleNoPool: "work-pool-missing", executor.RuleAgentPool: "work-pool-is-agent",
	executor.RuleNoEntry: "entrypoint-missing", executor.RuleNoName: "name-missing", "invalid-entrypoint": kindFlow,
	"flow-not-found": kindFlow, "not-a-flow": kindFlow, executor.RuleFlow: kindFlow, executor.RuleFlowScript: kindScript,
	executor.RuleFlowModule: kindModule, executor.RuleFlowFile: kindFile,
	executor.RuleBlock: "block-not-found", executor.RuleBlockText: "block-inline", executor.RuleBlockName: "block-reference-invalid",
	executor.RuleBlockField: "block-keypath", executor.RuleParameter: kindParameters, "trailing-comma": kindParameters,
	executor.RuleJobVariable: kindJobVariable, executor.RuleSLA: "sla-cloud-only", executor.RuleTrigger: kindTrigger,
	executor.RuleSchedule: kindSchedule, executor.RuleNoSchedule: kindUnknown, "duplicate-slug": "server-conflict", "invalid-tag": kindDeployment,
	"schedule-and-schedules": "schedule-and-schedules",
	"invalid-cron":           kindSchedule, "invalid-rrule": kindSchedule, "invalid-interval": kindSchedule, "invalid-timezone": kindSchedule,
	"invalid-anchor-date": kindSchedule, "schedule-not-a-mapping": kindMalformed, "unsafe-deployment-name": "name-invalid", "invalid-flow-name": "name-invalid",
	executor.RuleDate: kindTemplate, "date-in-step": kindTemplate,
	"yaml-syntax": kindUnreadable, "unquoted-template": kindUnreadable, "unquoted-star": kindUnreadable, "unknown-alias": kindUnreadable,
	"duplicate-anchor": kindUnreadable, "tab-indentation": kindUnreadable, "multiple-documents": kindUnreadable, "unknown-tag": kindUnreadable,
	"unhashable-key": kindUnreadable, "invalid-merge": kindUnreadable, "invalid-encoding": kindUnreadable, "invalid-scalar": kindUnreadable,
	"not-a-mapping": kindUnparsable, "step-id-not-hashable": kindStep, "unknown-step-argument": kindStep, "missing-step-argument": kindStep,
	"unknown-step": kindStep, "removed-step": kindStep, "invalid-step-path": kindStep, "wrong-generation-step": kindStep,
}

// shapes are the rules that hold the file against its schema. What Prefect makes of a violation depends on its place.
var shapes = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"wrong-type": true, "null-value": true, "exclusive-keys": true, "unknown-key": true, "wrong-generation": true,
	"invalid-value": true, "missing-key": true, "key-not-text": true, "step-shape": true, "tags-not-a-list": true,
}

// kindOf is the meaning of a finding; a rule that stands for an error of ours alone is its own meaning.
func kindOf(d diag.Diagnostic, g schema.Generation) string {
	text := ""
	if d.File != nil {
		text = d.File.Slice(d.Span)
	}
	two := g == schema.Prefect2
	switch {
	case two && (d.Rule == "invalid-tag" || d.Rule == "wrong-type") && date.MatchString(text):
		return kindTemplate
	case shapes[d.Rule]:
		return shapeKind(d, text, g)
	case d.Rule == "schedule-not-a-mapping" && !two, d.Rule == "invalid-interval" && !two && !number.MatchString(text):
		return kindInvalid
	case d.Rule == "invalid-interval" && two && zero.MatchString(text):
		return kindUnknown
	case d.Rule == "unsafe-deployment-name" && two:
		return kindRefused // by an internal error of the server
	case d.Rule == "invalid-entrypoint" && !strings.Contains(text, ":"):
		return kindModule
	case d.Rule == "step-output-too-late":
		return tooLateKind(fieldOf(d.Path))
	}
	if k := kinds[d.Rule]; k != "" {
		return k
	}
	return d.Rule
}

var ( // of values as they are written
	date   = regexp.MustCompile(`^\d{4}-\d\d?-\d\d?`)
	number = regexp.MustCompile(`^[-+]?[\d.]`)
	zero   = regexp.MustCompile(`^0*(\.0*)?$`)
)

// shapeKind follows what Prefect does with a value of the wrong shape. Prefect 3 looks at most of the file when it loads it,
// and at triggers, concurrency and the kind of version after the steps. Prefect 2 looks at each part when it uses it.
func shapeKind(d diag.Diagnostic, text string, g schema.Generation) string {
	field := fieldOf(d.Path)
	inside := func(key string) bool { return strings.HasPrefix(field, key+"[") || strings.HasPrefix(field, key+".") }
	switch {
	case (field == "tags" || field == "work_pool") && (d.Rule == executor.RuleNull || text == field): // the key is marked where there is no value
		return kindMalformed
	case inside("triggers"):
		return kindTrigger
	case field == "" && strings.HasPrefix(d.Path, "deployments["): // the deployment itself is no mapping
		return kindMalformed
	case (d.Rule == "step-shape" || stepBody(field)) && g == schema.Prefect2:
		return kindStep
	case d.Rule == "step-shape" || stepBody(field):
		return kindMalformed
	case g == schema.Prefect2:
		return shapeKind2(d, field, text)
	case strings.HasPrefix(field, "concurrency_limit") && d.Rule != "wrong-type":
		return kindConcurrency
	case field == "version_type" && d.Rule == "invalid-value":
		return kindDeployment
	}
	return kindInvalid
}

// shapeKind2 is the part of [shapeKind] that only Prefect 2 has.
func shapeKind2(d diag.Diagnostic, field, text string) string {
	key := field[strings.LastIndexByte(field, '.')+1:]
	switch {
	case strings.HasPrefix(field, "schedule") && d.Rule == "missing-key":
		return kindUnknown
	case strings.HasPrefix(field, "schedules[") || strings.HasPrefix(field, "schedule."):
		return kindSchedule
	case field == "parameters" && strings.HasPrefix(text, "["):
		return "param-unparsable" // which a list read as pairs is
	case d.Rule == "wrong-type" && (key == "description" || key == "version" || key == "work_queue_name"):
		return kindDeployment
	}
	return kindMalformed
}

// tooLateKind is how Prefect fails over a placeholder that it takes for the value itself.
func tooLateKind(field string) string {
	switch {
	case field == "entrypoint":
		return kindFile
	case field == "work_pool.name":
		return "work-pool-not-found"
	case strings.HasPrefix(field, "schedule"):
		return kindSchedule
	}
	return "step-output-too-late"
}

// stepBody holds for a path inside a step: build[0].run_shell_script.
func stepBody(field string) bool {
	action, rest, indexed := strings.Cut(field, "[")
	_, body, inside := strings.Cut(rest, "].")
	return indexed && inside && body != "" && (action == "build" || action == "push" || action == "pull")
}

// fieldOf is a path below its deployment: schedules[0].cron of deployments[2].schedules[0].cron.
func fieldOf(path string) string {
	rest, inDeployment := strings.CutPrefix(path, "deployments[")
	if !inDeployment {
		return path
	}
	_, field, _ := strings.Cut(rest, "].")
	return field
}

// failureKind is the meaning of what became of a deployment that failed.
func failureKind(r executor.Result) string {
	var failed *executor.StepError
	var answer *prefect.Error
	var nameless *executor.NamelessError
	switch {
	case errors.As(r.Err, &nameless):
		return "name-missing"
	case errors.As(r.Err, &failed):
		return kindStep
	case errors.As(r.Err, &answer):
		return answerKind(answer)
	}
	return kindRefused
}

// answerKind reads the meaning of a server's refusal from its parts. Servers put complaints about job variables into the
// sentence, about parameters into the sentence of an update and the problems of a creation.
func answerKind(e *prefect.Error) string {
	if strings.HasPrefix(e.Path, "/automations") && prefect.IsInvalid(e) {
		return kindTrigger
	}
	switch text := e.Detail.Text; {
	case strings.HasPrefix(text, "Error creating deployment: Validation failed"), strings.HasPrefix(text, "Error creating deployment: <ValidationError"):
		return kindJobVariable
	case strings.HasPrefix(text, "Error updating deployment: Validation failed"):
		return kindParameters
	}
	for _, p := range e.Detail.Problems {
		head, _, _ := strings.Cut(p.Path, ".")
		head, _, _ = strings.Cut(head, "[")
		switch {
		case strings.Contains(p.Message, "Validation failed for field"), head == "parameters":
			return kindParameters
		case head == "concurrency_limit", head == "concurrency_options":
			return kindConcurrency
		case head == "schedules":
			return kindSchedule
		}
	}
	switch {
	case strings.HasPrefix(e.Path, "/deployments/") && len(e.Detail.Problems) > 0:
		return kindDeployment
	case e.Status == http.StatusConflict:
		return "server-conflict"
	}
	return kindRefused
}
