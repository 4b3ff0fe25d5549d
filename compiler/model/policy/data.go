package policy

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// Bounds on one compiled deployment.
const (
	maxValues = 20_000
	maxDepth  = 60
)

// writer writes data as CUE expressions.
type writer struct{ left int }

// expr is the deployment as an expression; ok is false when it is too large.
func (d *compiled) expr() (x *ast.StructLit, ok bool) {
	w := &writer{left: maxValues}
	s := &ast.StructLit{}
	has := map[string]bool{}
	for _, p := range d.values() {
		has[valid(p.Key.(string))] = true
		add(s, p.Key.(string), w.given(p.Key.(string), p.Value))
	}
	for _, p := range d.parts {
		if d.given != nil && !p.action {
			continue
		}
		has[p.name] = true
		switch {
		case p.name == "work_pool" && p.node.Kind == yamldoc.Mapping:
			add(s, p.name, w.pool(p.node))
		case p.one:
			add(s, p.name, ast.NewList(w.node(p.node, 2)))
		default:
			add(s, p.name, w.node(p.node, 1))
		}
	}
	for _, name := range []string{"tags", "schedules", "triggers", "build", "push", "pull"} {
		if !has[name] {
			add(s, name, ast.NewList())
		}
	}
	if !has["parameters"] {
		add(s, "parameters", ast.NewStruct())
	}
	if !has["work_pool"] {
		add(s, "work_pool", w.pool(nil))
	}
	if f := flowExpr(d.flow); f != nil {
		add(s, "flow", f)
	}
	return s, w.left >= 0
}

func add(s *ast.StructLit, key string, x ast.Expr) {
	s.Elts = append(s.Elts, &ast.Field{Label: ast.NewString(valid(key)), Value: x})
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// pool is the work pool: what is null in it is not there, and job_variables always are.
func (w *writer) pool(n *yamldoc.Node) ast.Expr {
	s := &ast.StructLit{}
	jobVariables := false
	for _, e := range n.Entries() {
		if v := e.Value.Deref(); v != nil && v.Kind != yamldoc.Null && v.Kind != yamldoc.Invalid {
			name := e.Key.KeyText()
			jobVariables = jobVariables || name == "job_variables"
			add(s, name, w.node(v, 2))
		}
	}
	if !jobVariables {
		add(s, "job_variables", ast.NewStruct())
	}
	return s
}

// values are the fields that the caller knows better than the file, as the command line may change them.
func (d *compiled) values() []value.Pair {
	if d.given == nil {
		return nil
	}
	var out []value.Pair
	for _, p := range d.given.Pairs {
		name, ok := p.Key.(string)
		if ok && p.Value != nil && d.fields[name] && !isAction(name) && name != "flow" {
			out = append(out, p)
		}
	}
	return out
}

func (w *writer) given(name string, v value.Value) ast.Expr {
	pool, ok := v.(*value.Map)
	if name != "work_pool" || !ok {
		return w.value(v, 1)
	}
	s := &ast.StructLit{}
	for _, p := range pool.Pairs {
		if key, ok := p.Key.(string); ok && p.Value != nil {
			add(s, key, w.value(p.Value, 2))
		}
	}
	if v, _ := pool.Get("job_variables"); v == nil {
		add(s, "job_variables", ast.NewStruct())
	}
	return s
}

func (w *writer) value(v value.Value, depth int) ast.Expr {
	if w.left--; w.left < 0 || depth > maxDepth {
		w.left = -1
		return ast.NewNull()
	}
	switch v := v.(type) {
	case *value.Map:
		s := &ast.StructLit{}
		at := map[string]*ast.Field{}
		for _, p := range v.Pairs {
			key, x := valid(value.Str(p.Key)), w.value(p.Value, depth+1)
			if f := at[key]; f != nil {
				f.Value = x
				continue
			}
			at[key] = &ast.Field{Label: ast.NewString(key), Value: x}
			s.Elts = append(s.Elts, at[key])
		}
		return s
	case []value.Value:
		l := &ast.ListLit{}
		for _, item := range v {
			l.Elts = append(l.Elts, w.value(item, depth+1))
		}
		return l
	case string:
		return ast.NewString(valid(v))
	}
	return scalar(v)
}

func (w *writer) node(n *yamldoc.Node, depth int) ast.Expr {
	n = n.Deref()
	if w.left--; n == nil || w.left < 0 {
		return ast.NewNull()
	}
	if depth > maxDepth {
		w.left = -1
		return ast.NewNull()
	}
	switch n.Kind {
	case yamldoc.Mapping:
		s := &ast.StructLit{}
		at := map[string]*ast.Field{}
		for _, e := range n.Entries() {
			key, v := valid(e.Key.KeyText()), w.node(e.Value, depth+1)
			if f := at[key]; f != nil { // 1 and "1" are two keys to Python
				f.Value = v
				continue
			}
			at[key] = &ast.Field{Label: ast.NewString(key), Value: v}
			s.Elts = append(s.Elts, at[key])
			if w.left < 0 {
				break
			}
		}
		return s
	case yamldoc.Sequence:
		l := &ast.ListLit{}
		for _, item := range n.Items {
			l.Elts = append(l.Elts, w.node(item, depth+1))
			if w.left < 0 {
				break
			}
		}
		return l
	case yamldoc.String:
		return ast.NewString(valid(n.Text))
	case yamldoc.Null, yamldoc.Invalid:
		return ast.NewNull()
	}
	return scalar(n.Scalar)
}

// scalar writes what YAML resolved; what CUE has no word for is the text Python has for it.
func scalar(v value.Value) ast.Expr {
	switch v := v.(type) {
	case bool:
		return ast.NewBool(v)
	case int64:
		return number(token.INT, strconv.FormatInt(v, 10))
	case *big.Int:
		return number(token.INT, v.String())
	case float64:
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			text := strconv.FormatFloat(v, 'g', -1, 64)
			if !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
			return number(token.FLOAT, text)
		}
	case nil:
		return ast.NewNull()
	}
	return ast.NewString(valid(value.Str(v)))
}

func number(kind token.Token, text string) ast.Expr {
	digits, negative := strings.CutPrefix(text, "-")
	var x ast.Expr = &ast.BasicLit{Kind: kind, Value: digits}
	if negative {
		x = &ast.UnaryExpr{Op: token.SUB, X: x}
	}
	return x
}

// flowExpr is what the project's files say of the flow, nil when they do not decide.
func flowExpr(r *entrypoint.Result) ast.Expr {
	if r == nil || r.Status != entrypoint.Found || r.Flow == nil {
		return nil
	}
	s := &ast.StructLit{}
	if r.Flow.Name.Known {
		add(s, "name", ast.NewString(valid(r.Flow.Name.Text)))
	}
	if r.Flow.Description.Known && r.Flow.Description.Present {
		add(s, "description", ast.NewString(valid(r.Flow.Description.Text)))
	}
	if r.Flow.Opaque != "" {
		return s
	}
	params := &ast.StructLit{}
	for i := range r.Flow.Params {
		p := &r.Flow.Params[i]
		if p.Kind == pyflow.VarPositional || p.Kind == pyflow.VarKeyword {
			continue
		}
		add(params, p.Name.Text, ast.NewStruct(&ast.Field{Label: ast.NewString("required"), Value: ast.NewBool(!p.Default.Present())}))
	}
	add(s, "parameters", params)
	return s
}
