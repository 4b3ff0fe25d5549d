package policy

import (
	"context"
	"slices"

	"cuelang.org/go/cue"

	"github.com/prefectc/prefectc/compiler/model"
)

// Choice is a value that a policy lets a field have.
type Choice struct {
	Value  any    // text, number, truth value
	Policy string // its name as a rule
}

// Choices are the values that the policies leave to a field of a deployment, for policies that list them. A path leads from the
// deployment to the field; "" stands for any item of a list. Several policies on one field leave what all of them allow.
func (c *Config) Choices(ctx context.Context, in Input, d *model.Deployment, path []string) []Choice {
	if c == nil {
		return nil
	}
	r := &run{Config: c, in: in, model: in.Model}
	var out []Choice
	narrowed := false
	err := within(ctx, func() {
		for _, p := range c.policies {
			if p.off || !r.concerns(p, d) {
				continue
			}
			full := path
			if p.whole {
				full = append([]string{""}, path...)
			}
			want := cue.Dereference(at(p.want.value, full))
			values := alternatives(want)
			if x, ok := concrete(want); ok {
				values = []any{x}
			}
			if values == nil {
				continue
			}
			if narrowed {
				out = slices.DeleteFunc(out, func(x Choice) bool { return !slices.Contains(values, x.Value) })
				continue
			}
			narrowed = true
			for _, v := range values {
				out = append(out, Choice{v, Prefix + p.name})
			}
		}
	})
	if err != nil {
		return nil // what was gathered so far may still be written to
	}
	return out
}

// concerns reports whether a policy is about a deployment.
func (r *run) concerns(p *policy, d *model.Deployment) bool {
	if p.when == nil {
		return true
	}
	x, ok := r.see(d).expr()
	return ok && len(breaks(p.when.value, r.ctx.BuildExpr(p.when.subset(x)), 0)) == 0
}

// at follows a path into a constraint.
func at(v cue.Value, path []string) cue.Value {
	for _, name := range path {
		s := cue.AnyIndex
		if name != "" {
			s = cue.Str(name)
			if inner := v.LookupPath(cue.MakePath(s)); !inner.Exists() {
				s = s.Optional()
			}
		}
		v = v.LookupPath(cue.MakePath(s))
	}
	return v
}
