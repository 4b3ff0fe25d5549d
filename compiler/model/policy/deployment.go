package policy

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// Bounds on one compiled deployment.
const (
	maxValues = 20_000
	maxDepth  = 60
)

// part is one field of a compiled deployment, and where it comes from.
type part struct {
	name string
	key  *yamldoc.Node // nil when the file does not have the field
	node *yamldoc.Node // nil likewise
	one  bool          // the node is a mapping that stands for a list of one
}

// compiled is a deployment as policies see it.
type compiled struct {
	*model.Deployment
	parts []part
	flow  *entrypoint.Result // nil when it is not looked at
}

// compile puts together what Prefect would see: see #Compiled in the schema.
func (c *Config) compile(d *model.Deployment, flow *entrypoint.Result) *compiled {
	out := &compiled{Deployment: d, flow: flow}
	for _, f := range d.Fields {
		if f.Key.Kind != yamldoc.String || !f.Set() || !c.fields[f.Key.Text] {
			continue
		}
		switch name := f.Key.Text; name {
		case "build", "push", "pull", "flow":
		case "schedules":
			if d.Field("schedule").Key == nil {
				out.parts = append(out.parts, part{name: name, key: f.Key, node: f.Node()})
			}
		default:
			out.parts = append(out.parts, part{name: name, key: f.Key, node: f.Node()})
		}
	}
	if old := d.Field("schedule"); old.Set() && old.Node().Kind == yamldoc.Mapping && len(old.Node().Entries()) > 0 {
		out.parts = append(out.parts, part{name: "schedules", key: old.Key, node: old.Node(), one: true})
	} else if list := d.Field("schedules"); old.Key != nil && list.Set() {
		// The empty old key does not hide the list.
		out.parts = append(out.parts, part{name: "schedules", key: list.Key, node: list.Node()})
	}
	for _, s := range model.Actions {
		if a := d.Effective(s); a != nil {
			out.parts = append(out.parts, part{name: string(s), key: a.Field.Key, node: a.Value, one: a.Value.Kind == yamldoc.Mapping})
		}
	}
	return out
}

// writer writes data as CUE expressions.
type writer struct{ left int }

// expr is the deployment as an expression; ok is false when it is too large.
func (d *compiled) expr() (x ast.Expr, ok bool) {
	w := &writer{left: maxValues}
	s := &ast.StructLit{}
	has := map[string]bool{}
	for _, p := range d.parts {
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

// place finds what a path of a compiled deployment is in the file: the value there, else what surrounds the missing part.
func (d *compiled) place(path []string) (span source.Span, dataPath string) {
	dataPath = d.Path
	if len(path) == 0 {
		return d.nameSpan(), dataPath
	}
	for _, p := range d.parts {
		if p.name != path[0] {
			continue
		}
		dataPath = partPath(d, p)
		rest := path[1:]
		if p.one && len(rest) > 0 {
			rest = rest[1:]
		}
		return walk(p.key, p.node, rest, dataPath)
	}
	if path[0] == "flow" {
		if e := d.Field("entrypoint"); e.Key != nil {
			return e.Span(), e.Path
		}
	}
	return d.nameSpan(), dataPath
}

// partPath is where a part is written: the file's own actions are not in the deployment.
func partPath(d *compiled, p part) string {
	for _, s := range model.Actions {
		if a := d.Effective(s); a != nil && p.name == string(s) {
			return a.Field.Path
		}
	}
	return d.Path + "." + p.key.KeyText()
}

// walk goes down the tree; where the path ends in nothing, the key of what was reached stands for it.
func walk(key, n *yamldoc.Node, path []string, at string) (source.Span, string) {
	for _, p := range path {
		n = n.Deref()
		next, nextKey, nextAt := child(n, p, at)
		if next == nil {
			if key != nil {
				return key.Span, at
			}
			return n.Span, at
		}
		key, n, at = nextKey, next, nextAt
	}
	n = n.Deref()
	if key != nil && (n == nil || n.Span.Len() == 0 || n.Style == yamldoc.Block) {
		return key.Span, at
	}
	return n.Span, at
}

func child(n *yamldoc.Node, step, at string) (v, key *yamldoc.Node, path string) {
	if n == nil {
		return nil, nil, at
	}
	switch n.Kind {
	case yamldoc.Sequence:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) && n.Items[i].Deref() != nil {
			item := n.Items[i].Deref()
			if item.Kind == yamldoc.Mapping && len(item.Pairs) > 0 && item.Style == yamldoc.Block {
				key = item.Pairs[0].Key // what a block mapping is shown by
			}
			return item, key, at + "[" + step + "]"
		}
	case yamldoc.Mapping:
		for _, e := range n.Entries() {
			if valid(e.Key.KeyText()) == step && e.Value.Deref() != nil {
				return e.Value, e.Key, at + "." + quoteKey(step)
			}
		}
	}
	return nil, nil, at
}

func quoteKey(key string) string {
	if strings.ContainsAny(key, ".[ ") {
		return `"` + key + `"`
	}
	return key
}

// nameSpan is what stands for the whole deployment: its name, else its first key.
func (d *compiled) nameSpan() source.Span {
	if f := d.Field("name"); f.Set() {
		return f.Span()
	}
	if len(d.Node.Pairs) > 0 {
		return d.Node.Pairs[0].Key.Span
	}
	return d.Node.Span
}
