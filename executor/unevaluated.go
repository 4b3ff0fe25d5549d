package executor

import (
	"errors"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/plan"
)

// unevaluated is the finding for a deployment whose templates cannot be filled in, or whose fields are wrong once they are.
func (e *Executor) unevaluated(d *plan.Deployment, err error) diag.Diagnostic {
	var (
		field *plan.FieldError
		block *template.BlockError
		gone  *BlockNotFoundError
		typed *template.UnexpectedTypeError
	)
	switch {
	case errors.As(err, &field):
		span, path := e.place(d, field.Path, nil)
		return e.finding(d, fieldRule(field), path, span, "%v", field)
	case errors.As(err, &gone), errors.As(err, &block):
		return e.finding(d, blockRule(err), "", nil, "%v", err)
	case errors.As(err, &typed):
		return e.finding(d, RuleDate, "", untemplatable(d), "%v", err)
	}
	return e.finding(d, RuleTemplate, "", nil, "%v", err)
}

// fieldRule is the rule that checks the same field before its templates are filled in.
func fieldRule(err *plan.FieldError) string {
	var item *schedule.ItemError
	switch {
	case err.Path == "tags":
		return RuleNull
	case !errors.As(err.Err, &item):
		return RuleTrigger
	}
	switch item.Field {
	case "":
		return RuleNoSchedule
	case schedule.KindCron, schedule.KindInterval, schedule.KindRRule, "timezone", "anchor_date":
		return "invalid-" + strings.ReplaceAll(item.Field, "_", "-")
	}
	return RuleSchedule
}

// untemplatable finds the first date, set or binary value in a deployment's part of the file.
func untemplatable(d *plan.Deployment) *source.Span {
	if d.Model == nil {
		return nil
	}
	budget := maxVisited
	return findUntemplatable(d.Model.Node, &budget)
}

// pairsTag holds for the tags that make Python tuples, which Prefect 2 does not take.
func pairsTag(tag string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(tag, "!!"), "tag:yaml.org,2002:")
	return name == "omap" || name == "pairs"
}

const maxVisited = 100_000

func findUntemplatable(n *yamldoc.Node, budget *int) *source.Span {
	if n = n.Deref(); n == nil || *budget <= 0 {
		return nil
	}
	*budget--
	switch n.Kind {
	case yamldoc.Date, yamldoc.DateTime, yamldoc.Bytes, yamldoc.Set:
		return &n.Span
	case yamldoc.Sequence:
		if pairsTag(n.Tag) {
			return &n.Span
		}
	}
	for _, item := range n.Items {
		if span := findUntemplatable(item, budget); span != nil {
			return span
		}
	}
	for _, entry := range n.Entries() {
		if span := findUntemplatable(entry.Value, budget); span != nil {
			return span
		}
	}
	return nil
}
