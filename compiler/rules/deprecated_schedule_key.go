package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var deprecatedScheduleKey = &Rule{
	Name:     "deprecated-schedule-key",
	Severity: diag.Info,
	Fixes:    SafeFix,
	Summary:  "schedule is the old form of schedules",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("schedule")
			if !filled(f) || f.Node().Kind != yamldoc.Mapping || d.Field("schedules").Key != nil {
				continue
			}
			found := p.Report(f.Key.Span, `"schedule" is the old form: write a list under "schedules"`).At(f.Path).In(d).Tag(diag.Deprecated)
			if edits := intoList(p.Model.Source, f); edits != nil {
				found.Fix(`make it a list under "schedules"`, edits...)
			}
		}
	},
}

// intoList turns "schedule: X" into "schedules: [X]", or a block mapping into a list of one item; nil where that takes more.
func intoList(src *source.File, f model.Field) []diag.Edit {
	if f.Via != nil || f.Key.Style != yamldoc.Plain || f.Value.Anchor != nil || f.Value.Tag != "" {
		return nil
	}
	edits := []diag.Edit{Replace(f.Key.Span, "schedules")}
	if v := f.Value; v.Kind == yamldoc.Alias || v.Style == yamldoc.Flow {
		return append(edits, Insert(v.Span.Start, "["), Insert(v.Span.End, "]"))
	}
	first := f.Value.Span.Start
	if src.LineOf(first) == src.LineOf(f.Key.Span.Start) {
		return nil
	}
	edits = append(edits, Insert(first, "- "))
	for line := src.LineOf(first) + 1; line <= src.LineOf(f.Value.Span.End); line++ {
		if span := src.LineSpan(line); strings.TrimSpace(src.Slice(span)) != "" && span.Start < f.Value.Span.End {
			edits = append(edits, Insert(span.Start, "  "))
		}
	}
	return edits
}
