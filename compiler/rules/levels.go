package rules

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// Levels is what a prefectc.cue says of rules, by name. The zero value says nothing.
//
// A level is the severity of all findings of the rule. Below error they keep nothing from being deployed. An error does,
// unless Prefect registers the deployment all the same, as the rule or the finding says: that stays so.
type Levels map[string]policy.Level

// Keep leaves out the rules that are off, unless they are selected by name.
func (l Levels) Keep(list []*Rule, selected []string) []*Rule {
	if len(l) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(r *Rule) bool {
		return l[r.Name].Off && !slices.Contains(selected, r.Name)
	})
}

// severity is the rule's own, or what the levels say; set tells which.
func (l Levels) severity(r *Rule) (s diag.Severity, set bool) {
	if level, ok := l[r.Name]; ok && !level.Off {
		return level.Severity, true
	}
	return r.Severity, false
}

// Adjust gives a finding that was made outside of [Run] the level of its rule.
func (l Levels) Adjust(d *diag.Diagnostic) {
	if level, ok := l[d.Rule]; ok && !level.Off {
		d.Severity = level.Severity
		d.Blocks = d.Blocks && d.Severity == diag.Error
	}
}

// Known is what a prefectc.cue may say of rules.
func Known() policy.Known {
	var known policy.Known
	for _, r := range All() {
		known.Rules = append(known.Rules, r.Name)
		if unreadable(r) {
			known.Fixed = append(known.Fixed, r.Name)
		}
	}
	return known
}

// unreadable reports whether a finding of the rule means that Prefect cannot read the file at all.
func unreadable(r *Rule) bool {
	switch yamldoc.ProblemKind(r.Name) {
	case yamldoc.Syntax, yamldoc.UnquotedTemplate, yamldoc.UnquotedStar, yamldoc.Tab, yamldoc.UnknownAlias, yamldoc.DuplicateAnchor,
		yamldoc.ManyDocuments, yamldoc.UnknownTag, yamldoc.BadScalar, yamldoc.BadKey, yamldoc.BadMerge, yamldoc.BadEncoding,
		yamldoc.TooLarge, yamldoc.Recursive, yamldoc.ConflictMarker:
		return true
	}
	return r == notAMapping
}

// IsSource reports whether a file is one that others are generated from, of which little can be said.
func IsSource(m *model.File) bool {
	_, what := sourceOf(m)
	return what != ""
}
