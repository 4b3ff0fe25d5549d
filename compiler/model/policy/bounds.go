package policy

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// Bounds on a prefectc.cue. CUE itself has none, and its evaluation cannot be stopped from outside.
const (
	maxSource       = 256 << 10 // bytes
	maxNesting      = 100       // brackets, fields and operators around each other
	maxExpanded     = 200_000   // parts, when every reference is replaced by what it stands for
	maxAlternatives = 2_000     // of one value
	assumedItems    = 64        // items of a list of the deployment that a "for" runs over
)

// functions are those that a policy may call: their results are not larger than what they are given.
var functions = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"list":    {"MinItems", "MaxItems", "UniqueItems", "Contains", "MatchN", "Concat", "Sort", "SortStable", "SortStrings", "IsSorted", "IsSortedStrings", "Ascending", "Descending", "Comparer", "Slice", "Take", "Drop", "Max", "Min", "Sum", "Avg"},
	"math":    {"MultipleOf", "Abs", "Ceil", "Floor", "Round", "Trunc"},
	"net":     {"FQDN", "IP", "IPv4", "IPv6", "IPCIDR", "InCIDR", "AbsURL", "URL", "HostPort"},
	"regexp":  {"Match", "Find", "FindSubmatch", "FindNamedSubmatch", "Valid"},
	"strconv": {"Atoi", "ParseInt", "ParseFloat", "ParseBool", "FormatInt", "FormatBool"},
	"strings": {"MinRunes", "MaxRunes", "HasPrefix", "HasSuffix", "Contains", "ContainsAny", "Index", "LastIndex", "Count", "ToLower", "ToUpper", "ToTitle", "TrimSpace", "TrimPrefix", "TrimSuffix", "Trim", "TrimLeft", "TrimRight", "Fields", "Split", "SplitN", "Runes", "SliceRunes"},
	"struct":  {"MinFields", "MaxFields"},
	"time":    {"Time", "Duration", "Format", "ParseDuration", "Unix"},
}

func packageNames() []string {
	out := make([]string, 0, len(functions))
	for name := range functions {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// tooDeep finds brackets that are nested too deeply to be parsed.
func (r *reader) tooDeep() bool {
	var s scanner.Scanner
	s.Init(token.NewFile(FileName, 0, len(r.file.Text)), r.file.Text, func(token.Pos, string, []any) {}, 0)
	depth := 0
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return false
		case token.LBRACE, token.LBRACK, token.LPAREN:
			depth++
		case token.RBRACE, token.RBRACK, token.RPAREN:
			depth--
		}
		if depth > maxNesting {
			r.report(r.spanAt(pos), fmt.Sprintf("more than %d brackets around each other", maxNesting))
			return true
		}
	}
}

// bounded reports what the file may not do, and says whether it may be evaluated.
func (r *reader) bounded() bool {
	before := len(r.found)
	depth := 0
	ast.Walk(r.tree, func(n ast.Node) bool {
		if depth++; depth == 3*maxNesting {
			r.report(r.spanAt(n.Pos()), "this is nested too deeply")
		}
		r.allowed(n)
		return depth < 3*maxNesting
	}, func(ast.Node) { depth-- })
	if len(r.found) > before {
		return false
	}
	m := &measure{size: map[ast.Node]int{}, alternatives: map[ast.Node]int{}}
	if m.together(&ast.StructLit{Elts: r.tree.Decls}) > maxAlternatives {
		r.report(source.At(0), fmt.Sprintf("this file has more than %d alternatives to try for one value", maxAlternatives))
		return false
	}
	for _, d := range r.tree.Decls {
		switch {
		case len(r.found) > before: // what refers to it is too large too
		case m.parts(d) > maxExpanded:
			r.report(r.labelOf(d), "this grows beyond all bounds when its references are followed")
		case m.most(d) > maxAlternatives:
			r.report(r.labelOf(d), fmt.Sprintf("this has more than %d alternatives to try for one value", maxAlternatives))
		}
	}
	return len(r.found) == before
}

// allowed reports an import or call that is not for a prefectc.cue, and arithmetic that may explode.
func (r *reader) allowed(n ast.Node) {
	switch n := n.(type) {
	case *ast.ImportSpec:
		path := strings.Trim(n.Path.Value, `"`)
		if functions[path] != nil {
			return
		}
		r.report(r.spanOf(n.Path), fmt.Sprintf("%s may not import %q, only %s", FileName, path, orList(packageNames())))
	case *ast.SelectorExpr:
		r.selects(n)
	case *ast.UnaryExpr:
		if n.Op == token.MAT || n.Op == token.NMAT {
			r.pattern(n.X)
		}
	case *ast.BinaryExpr:
		if n.Op == token.MAT || n.Op == token.NMAT {
			r.pattern(n.Y)
		}
		if n.Op == token.MUL && !(constant(n.X) && constant(n.Y)) {
			r.report(r.spanOf(n), fmt.Sprintf("%s may multiply only plain numbers", FileName))
		}
	}
}

// selects looks at what is selected from a package, or from a struct at the top of the file.
func (r *reader) selects(n *ast.SelectorExpr) {
	x, ok := n.X.(*ast.Ident)
	name, _, err := ast.LabelName(n.Sel)
	if !ok || err != nil {
		return
	}
	if spec, isPackage := x.Node.(*ast.ImportSpec); isPackage {
		path := strings.Trim(spec.Path.Value, `"`)
		known := functions[path]
		if known == nil || slices.Contains(known, name) {
			return
		}
		msg := fmt.Sprintf("%s may not use %s.%s", FileName, path, name)
		if near := schema.Nearest(name, known); near != "" {
			msg += fmt.Sprintf(", did you mean %q", near)
		} else {
			msg += ", only functions whose result is never larger than what they are given"
		}
		r.report(r.spanOf(n.Sel), msg)
		return
	}
	known, plain := r.plainFields(x)
	if !plain || slices.Contains(known, name) {
		return
	}
	msg := fmt.Sprintf("%q has no %q", x.Name, name)
	if near := schema.Nearest(name, known); near != "" {
		msg += fmt.Sprintf(", did you mean %q", near)
	}
	r.report(r.spanOf(n.Sel), msg)
}

// plainFields are the fields of a struct at the top of the file; plain is false when it may have others too.
func (r *reader) plainFields(x *ast.Ident) (names []string, plain bool) {
	for _, d := range r.tree.Decls {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		if name, _, err := ast.LabelName(f.Label); err != nil || name != x.Name {
			continue
		}
		s, ok := f.Value.(*ast.StructLit)
		if !ok {
			return nil, false
		}
		if plain = plain || f.Value == x.Node || f == x.Node; !plain && x.Node == nil {
			return nil, false
		}
		for _, e := range s.Elts {
			inner, ok := e.(*ast.Field)
			if !ok {
				return nil, false
			}
			name, _, err := ast.LabelName(inner.Label)
			if err != nil {
				return nil, false
			}
			names = append(names, name)
		}
	}
	return names, plain
}

// pattern reports a text that is no regular expression.
func (r *reader) pattern(x ast.Expr) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	text, err := literal.Unquote(lit.Value)
	if err != nil {
		return
	}
	if _, err := regexp.Compile(text); err != nil {
		msg := "this is no regular expression"
		var bad *syntax.Error
		if errors.As(err, &bad) {
			msg += ": " + bad.Code.String()
		}
		r.report(r.spanOf(lit), msg)
	}
}

func constant(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return (x.Kind == token.INT || x.Kind == token.FLOAT) && len(x.Value) < 20
	case *ast.ParenExpr:
		return constant(x.X)
	case *ast.BinaryExpr:
		return x.Op == token.MUL && constant(x.X) && constant(x.Y)
	}
	return false
}

// measure estimates, without evaluating, how large a value becomes.
type measure struct {
	size         map[ast.Node]int
	alternatives map[ast.Node]int
}

// parts counts a node's parts with every reference replaced by what it stands for; it stops counting beyond the bound.
func (m *measure) parts(n ast.Node) int {
	if known, ok := m.size[n]; ok {
		return known
	}
	m.size[n] = 1 // while it is being measured: CUE finds cycles itself
	total, factor := 1, 1
	ast.Walk(n, func(inner ast.Node) bool {
		switch x := inner.(type) {
		case *ast.Ident:
			if target := referred(x); target != nil {
				total += m.parts(target)
			}
		case *ast.Comprehension:
			if inner != n {
				total += m.parts(x)
				return false
			}
			for _, c := range x.Clauses {
				if f, ok := c.(*ast.ForClause); ok {
					factor *= min(max(m.parts(f.Source), assumedItems), maxExpanded)
				}
			}
		}
		total++
		return total <= maxExpanded
	}, nil)
	if factor > maxExpanded {
		factor = maxExpanded
	}
	m.size[n] = min(total*factor, maxExpanded+1)
	return m.size[n]
}

// referred is what an identifier stands for in the file, nil for anything else.
func referred(x *ast.Ident) ast.Node {
	switch target := x.Node.(type) {
	case *ast.Field:
		return target.Value
	case *ast.LetClause:
		return target.Expr
	case *ast.Alias:
		return target.Expr
	case ast.Expr:
		return target
	}
	return nil
}

// most is the largest number of alternatives of any value in a node.
func (m *measure) most(n ast.Node) int {
	worst := 1
	ast.Walk(n, func(inner ast.Node) bool {
		if x, ok := inner.(ast.Expr); ok {
			worst = max(worst, m.choices(x))
		}
		return worst <= maxAlternatives
	}, nil)
	return worst
}

// choices is how many alternatives CUE may have to try for one value: alternatives that must hold together multiply.
func (m *measure) choices(x ast.Expr) int {
	if known, ok := m.alternatives[x]; ok {
		return known
	}
	m.alternatives[x] = 1
	n := 1
	switch x := x.(type) {
	case *ast.BinaryExpr:
		a, b := m.choices(x.X), m.choices(x.Y)
		switch x.Op {
		case token.OR:
			n = a + b
		case token.AND:
			n = a * b
		}
	case *ast.ParenExpr:
		n = m.choices(x.X)
	case *ast.UnaryExpr:
		n = m.choices(x.X)
	case *ast.Ident:
		if target, ok := referred(x).(ast.Expr); ok {
			n = m.choices(target)
		}
	case *ast.SelectorExpr:
		n = m.choices(x.X)
	case *ast.StructLit:
		n = m.together(x)
	}
	m.alternatives[x] = min(n, maxAlternatives+1)
	return m.alternatives[x]
}

// together multiplies what is embedded in a struct, and what one field is declared with several times.
func (m *measure) together(x *ast.StructLit) int {
	n := 1
	fields := map[string]int{}
	for _, e := range x.Elts {
		switch e := e.(type) {
		case *ast.EmbedDecl:
			n = min(n*m.choices(e.Expr), maxAlternatives+1)
		case *ast.Field:
			name, _, err := ast.LabelName(e.Label)
			if err != nil {
				name = "" // patterns hold together with one another
			}
			fields[name] = min(max(fields[name], 1)*m.choices(e.Value), maxAlternatives+1)
			if fields[name] > maxAlternatives {
				return fields[name]
			}
		}
	}
	return n
}
