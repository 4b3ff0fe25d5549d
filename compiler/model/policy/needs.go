package policy

import (
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
)

// constraint is what a deployment must satisfy, with what of the deployment it looks at: to unify the rest too is most of
// the work.
type constraint struct {
	value cue.Value
	needs []string // fields, sorted
	all   bool     // it may look at any field
}

// newConstraint finds out what a constraint looks at. A struct names the fields it constrains, and what it refers to has to
// be one of these; with a condition, a loop, an alternative, an alias or a pattern at its top it may be any.
func (r *reader) newConstraint(v cue.Value) constraint {
	c := constraint{value: v}
	op, _ := v.Expr()
	if op != cue.NoOp || r.computed || v.LookupPath(cue.MakePath(cue.AnyString)).Exists() {
		c.all = true
		return c
	}
	for it, err := v.Fields(cue.All()); err == nil && it.Next(); {
		if it.Selector().LabelType() == cue.StringLabel {
			c.needs = append(c.needs, it.Selector().Unquoted())
		}
	}
	slices.Sort(c.needs)
	return c
}

func (c *constraint) key() string {
	if c.all {
		return "*"
	}
	return strings.Join(c.needs, "\x00")
}

// subset is the part of a deployment that the constraint looks at.
func (c *constraint) subset(s *ast.StructLit) *ast.StructLit {
	if c.all {
		return s
	}
	out := &ast.StructLit{}
	for _, e := range s.Elts {
		if name, _, err := ast.LabelName(e.(*ast.Field).Label); err == nil && slices.Contains(c.needs, name) {
			out.Elts = append(out.Elts, e)
		}
	}
	return out
}

// computes reports whether conditions, loops or aliases stand where they may belong to a constraint: in one, or in
// anything else but the struct of all policies.
func computes(decls []ast.Decl) bool {
	for _, d := range decls {
		f, ok := d.(*ast.Field)
		if !ok {
			if c, isLoop := d.(*ast.Comprehension); isLoop && !computes(bodies(c)) {
				continue
			}
			if _, isImport := d.(*ast.ImportDecl); isImport {
				continue
			}
			return true
		}
		name, _, _ := ast.LabelName(f.Label)
		s, isStruct := f.Value.(*ast.StructLit)
		switch {
		case name == "policies" && isStruct:
			if computes(s.Elts) {
				return true
			}
		case isStruct && isPolicy(s):
			for _, inner := range fields(s) {
				if computed(inner.Value) {
					return true
				}
			}
		case computed(f):
			return true
		}
	}
	return false
}

func bodies(c *ast.Comprehension) []ast.Decl {
	if s, ok := c.Value.(*ast.StructLit); ok {
		return s.Elts
	}
	return []ast.Decl{c} // not a struct: who knows
}

func isPolicy(s *ast.StructLit) bool {
	return slices.ContainsFunc(fields(s), func(f *ast.Field) bool {
		name, _, err := ast.LabelName(f.Label)
		return err == nil && name == "deployment"
	})
}

// computed reports whether a node has a condition, loop or alias in it, at any depth.
func computed(n ast.Node) bool {
	found := false
	ast.Walk(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.Comprehension, *ast.Alias, *ast.LetClause:
			found = true
		}
		return !found
	}, nil)
	return found
}
