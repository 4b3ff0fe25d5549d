package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// Flow finds the flow behind a deployment's entrypoint.
type Flow func(*model.Deployment) *entrypoint.Result

// Input is what policies are held against.
type Input struct {
	Model *model.File
	Flow  Flow // nil looks at no flow

	// Choose picks policies by name, with the prefix; nil picks all.
	Choose func(rule string) bool

	// Given is what a deployment has in the place of the file's fields, other than its actions; nil takes the file.
	Given func(*model.Deployment) *value.Map
}

// Check holds the deployments of a file against the policies. The error is the context's.
func (c *Config) Check(ctx context.Context, in Input) ([]diag.Diagnostic, error) {
	if c == nil {
		return nil, nil
	}
	r := &run{Config: c, in: in, model: in.Model}
	for _, p := range c.policies {
		if !p.off && (in.Choose == nil || in.Choose(Prefix+p.name)) {
			r.active = append(r.active, p)
		}
	}
	if len(r.active) == 0 || len(in.Model.Deployments) == 0 {
		return nil, nil
	}
	return r.all(ctx)
}

// run is one check of one file.
type run struct {
	*Config
	in     Input
	model  *model.File
	active []*policy
}

// see puts a deployment together.
func (r *run) see(d *model.Deployment) *compiled {
	var flow *entrypoint.Result
	if r.flows && r.in.Flow != nil {
		flow = r.in.Flow(d)
	}
	var given *value.Map
	if r.in.Given != nil {
		given = r.in.Given(d)
	}
	return r.compile(d, flow, given)
}

func (r *run) all(ctx context.Context) ([]diag.Diagnostic, error) {
	var out []diag.Diagnostic
	var exprs []ast.Expr
	whole := slices.ContainsFunc(r.active, func(p *policy) bool { return p.whole })
	for _, d := range r.model.Deployments {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		seen := r.see(d)
		x, ok := seen.expr()
		if !ok {
			out = append(out, r.finding(seen, nil, fmt.Sprintf("deployment %q is too large for the policies of %s, which do not look at it", d.Label(), FileName)))
			continue
		}
		if whole {
			exprs = append(exprs, x)
		}
		var found []diag.Diagnostic
		err := within(ctx, func() { found = r.deployment(seen, x) })
		if err != nil {
			return r.failed(ctx, out, err)
		}
		out = append(out, found...)
	}
	if whole {
		var found []diag.Diagnostic
		if err := within(ctx, func() { found = r.list(exprs) }); err != nil {
			return r.failed(ctx, out, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// failed reports that CUE did not come to an end.
func (r *run) failed(ctx context.Context, out []diag.Diagnostic, err error) ([]diag.Diagnostic, error) {
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	msg := fmt.Sprintf("the policies cannot be evaluated: internal error, please report it: %v", err)
	if errors.Is(err, errTooLong) {
		msg = fmt.Sprintf("evaluating the policies takes longer than %s: make them simpler", patience)
	}
	return append(out, diag.Diagnostic{Rule: Rule, Message: msg, File: r.File, Span: r.active[0].span, Blocks: true, URL: GuideURL}), nil
}

// finding is about a deployment as a whole, or a policy it breaks.
func (r *run) finding(d *compiled, p *policy, message string) diag.Diagnostic {
	f := diag.Diagnostic{
		Rule: Rule, Severity: diag.Warning, Message: message, File: r.model.Source, Span: d.nameSpan(), Path: d.Path,
		Deployment: d.Name(), URL: GuideURL,
	}
	if p != nil {
		f.Rule, f.Severity, f.Blocks = Prefix+p.name, p.severity, p.severity == diag.Error
		f.Related = []diag.Related{{File: r.File, Span: p.span, Message: "the policy is here"}}
	}
	return f
}

func (r *run) deployment(d *compiled, x *ast.StructLit) []diag.Diagnostic {
	built := map[string]cue.Value{}
	against := func(c *constraint) []broken {
		key := c.key()
		data, ok := built[key]
		if !ok {
			data = r.ctx.BuildExpr(c.subset(x))
			built[key] = data
		}
		return breaks(c.value, data, 0)
	}
	var out []diag.Diagnostic
	for _, p := range r.active {
		if p.whole || p.when != nil && len(against(p.when)) > 0 {
			continue
		}
		if broken := against(&p.want); len(broken) > 0 {
			out = append(out, r.violation(d, p, broken))
		}
	}
	return out
}

// violation shows the first place that breaks a policy, and the others beside it.
func (r *run) violation(d *compiled, p *policy, places []broken) diag.Diagnostic {
	type spot struct {
		span source.Span
		path string
		why  broken
	}
	var spots []spot
	for _, b := range places {
		span, path := d.place(b.path)
		if !slices.ContainsFunc(spots, func(s spot) bool { return s.span == span }) {
			spots = append(spots, spot{span, path, b})
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int { return a.span.Start - b.span.Start })
	message := p.message
	if message == "" {
		message = r.unnamed(d, spots[0].why)
	}
	f := r.finding(d, p, message)
	f.Span, f.Path = spots[0].span, spots[0].path
	for _, s := range spots[1:min(len(spots), maxPlaces)] {
		f.Related = append(f.Related, diag.Related{File: r.model.Source, Span: s.span, Message: "this breaks it too"})
	}
	return f
}

// maxPlaces is how many places of one violation are shown.
const maxPlaces = 6

// unnamed is the message of a policy that has none.
func (r *run) unnamed(d *compiled, b broken) string {
	msg := fmt.Sprintf("deployment %q is not as %s wants all deployments", d.Label(), FileName)
	if len(b.path) > 0 {
		msg += ": " + strings.Join(b.path, ".")
		if b.want != "" {
			msg += " must satisfy " + b.want
		}
	}
	return msg
}

// list holds all deployments together against policies on the list.
func (r *run) list(exprs []ast.Expr) []diag.Diagnostic {
	data := r.ctx.BuildExpr(ast.NewList(exprs...))
	var out []diag.Diagnostic
	for _, p := range r.active {
		if !p.whole {
			continue
		}
		byDeployment := map[int][]broken{}
		var all []broken
		for _, b := range breaks(p.want.value, data, 0) {
			if len(b.path) > 0 {
				if i, err := strconv.Atoi(b.path[0]); err == nil && i >= 0 && i < len(r.model.Deployments) {
					byDeployment[i] = append(byDeployment[i], broken{b.path[1:], b.want})
					continue
				}
			}
			all = append(all, b)
		}
		for i, d := range r.model.Deployments {
			if len(byDeployment[i]) > 0 {
				out = append(out, r.violation(r.see(d), p, byDeployment[i]))
			}
		}
		if len(all) > 0 && len(out) == 0 {
			out = append(out, r.about(p))
		}
	}
	return out
}

// about is a violation by the list itself.
func (r *run) about(p *policy) diag.Diagnostic {
	f := diag.Diagnostic{
		Rule: Prefix + p.name, Severity: p.severity, Blocks: p.severity == diag.Error, File: r.model.Source, Path: unnamed, URL: GuideURL,
		Message: fmt.Sprintf("the list of deployments is not as %s wants it", FileName),
		Related: []diag.Related{{File: r.File, Span: p.span, Message: "the policy is here"}},
	}
	if list := r.model.Field(unnamed); list.Key != nil {
		f.Span = list.Key.Span
	}
	return f
}
