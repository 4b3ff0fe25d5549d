package rules

import (
	"fmt"
	"strconv"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var duplicateAnchor = &Rule{
	Name:     "duplicate-anchor",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "an anchor defined twice",
	Whole:    true,
	Run:      problem(yamldoc.DuplicateAnchor, renameAnchor),
}

// maxRenamed is how many anchors a file may have for names to be found that are free.
const maxRenamed = 1000

// renameAnchor gives the second anchor, and the aliases that follow it, another name: in YAML they mean the anchor before them.
func renameAnchor(p *Pass, found yamldoc.Problem, f *Finding) {
	if len(p.Model.Doc.Anchors) > maxRenamed {
		return
	}
	taken := map[string]bool{}
	var second *yamldoc.Anchor
	for _, a := range p.Model.Doc.Anchors {
		taken[a.Name] = true
		if a.Span == found.Span {
			second = a
		}
	}
	if second == nil {
		return
	}
	name := ""
	for n := 2; name == "" || taken[name]; n++ {
		name = second.Name + "_" + strconv.Itoa(n)
	}
	edits := []diag.Edit{Replace(second.Span, name)}
	for _, use := range second.Uses {
		edits = append(edits, Replace(use.Span, "*"+name))
	}
	f.UnsafeFix(fmt.Sprintf("call the second %q", name), edits...)
}
