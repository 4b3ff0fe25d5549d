package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// Table is the compiled language.
type Table struct {
	Objects []*Object
	Unions  []*Union
}

// Object is a struct definition.
type Object struct {
	Name, Title, Doc string
	Fields           []*Field
	Rest             [2]*Type
	Open, OneKey     bool
	ExactlyOne       []string
	Model, Forbid    Gens
	TextKeys         Gens
	Several          Gens
	Variants         [][2]string
	Infer            []string
}

// Field is a field of an Object.
type Field struct {
	Name, Doc, Default, Example, Unit string
	Since, Until                      int
	Required, Empty                   bool
	Deprecated, ReplacedBy, Ignored   string
	Types                             [2]*Type
	Null, LateNull, Late, Template    Gens
	Tolerates                         [2][]string
}

// Type is the type of a field or item.
type Type struct {
	Any       bool
	Alts      []Alt
	Late      Gens
	Tolerates [2][]string
}

// Alt is one alternative of a Type. Kind is a word: text, int, number, bool, date, list, map.
type Alt struct {
	Kind             string
	Enum             []string
	Min, Max         string
	MinExcl, MaxExcl bool
	Whole            bool
	Match, Unlike    string
	Words            string
	Item             *Type
	Object, Union    string
}

// Union is a definition that is a disjunction of structs.
type Union struct {
	Name, Doc, Discriminator string
	Variants                 []string
}

// Gens is a set of generations: bit 0 is Prefect 2, bit 1 is Prefect 3.
type Gens uint8

type def struct {
	field *ast.Field
	doc   string
}

type compiler struct {
	defs  [2]map[string]def
	table Table
	err   error
}

// Files compiles the language: the files of both generations, and those of each alone.
func Files(common, prefect2, prefect3 []*ast.File) (*Table, error) {
	c := &compiler{}
	var order []string
	for g, own := range [][]*ast.File{prefect2, prefect3} {
		c.defs[g] = map[string]def{}
		for _, f := range slices.Concat(common, own) {
			for _, d := range f.Decls {
				fld, ok := d.(*ast.Field)
				if !ok {
					continue
				}
				name := label(fld)
				if _, dup := c.defs[g][name]; dup {
					return nil, fmt.Errorf("%s is defined twice", name)
				}
				c.defs[g][name] = def{fld, doc(fld)}
				if !slices.Contains(order, name) {
					order = append(order, name)
				}
			}
		}
	}
	for _, name := range order {
		c.define(name)
	}
	return &c.table, c.err
}

func (c *compiler) fail(n ast.Node, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%v: %s", n.Pos(), fmt.Sprintf(format, args...))
	}
}

func (c *compiler) define(name string) {
	d, ok := c.defs[1][name]
	if !ok || !strings.HasPrefix(name, "#") {
		return
	}
	switch v := d.field.Value.(type) {
	case *ast.StructLit:
		if isMap(v) {
			return
		}
		c.table.Objects = append(c.table.Objects, c.object(name, d, v))
	case *ast.BinaryExpr:
		if u := c.union(name, d); u != nil {
			c.table.Unions = append(c.table.Unions, u)
		}
	}
}

func (c *compiler) object(name string, d def, lit *ast.StructLit) *Object {
	o := &Object{Name: strings.TrimPrefix(name, "#"), Doc: d.doc}
	c.body(o, lit)
	return o
}

func (c *compiler) body(o *Object, lit *ast.StructLit) {
	for _, e := range lit.Elts {
		switch e := e.(type) {
		case *ast.Attribute:
			c.objectAttr(o, e)
		case *ast.Ellipsis:
			o.Open = true
		case *ast.EmbedDecl:
			id, ok := e.Expr.(*ast.Ident)
			if !ok {
				c.fail(e, "cannot embed this")
				return
			}
			inner, ok := c.defs[1][id.Name].field.Value.(*ast.StructLit)
			if !ok {
				c.fail(e, "%s is not a struct", id.Name)
				return
			}
			c.body(o, inner)
		case *ast.Field:
			if _, ok := e.Label.(*ast.ListLit); ok {
				o.Rest = c.types(e.Value, e)
				continue
			}
			o.Fields = append(o.Fields, c.field(e))
		}
	}
}

func (c *compiler) objectAttr(o *Object, a *ast.Attribute) {
	key, args := attr(a)
	switch key {
	case "doc":
		o.Title = args[0]
	case "model":
		o.Model = gens(args)
	case "textkeys":
		o.TextKeys = gens(args)
	case "forbid":
		o.Forbid = gens(args)
	case "tolerates":
		o.Several = gens(args[:1])
	case "exactlyone":
		o.ExactlyOne = args
	case "onekey":
		o.OneKey = true
	case "open":
		o.Open = true
	case "infer":
		o.Infer = args
	case "variant":
		k, v, _ := strings.Cut(args[0], "=")
		o.Variants = append(o.Variants, [2]string{k, v})
	default:
		c.fail(a, "unknown attribute @%s", key)
	}
}

func (c *compiler) field(e *ast.Field) *Field {
	f := &Field{Name: label(e), Doc: doc(e), Required: e.Constraint == token.NOT}
	for _, a := range e.Attrs {
		key, args := attr(a)
		switch key {
		case "since":
			f.Since, _ = strconv.Atoi(args[0])
		case "until":
			f.Until, _ = strconv.Atoi(args[0])
		case "null":
			f.Null = gens(args)
		case "latenull":
			f.LateNull = gens(args)
		case "late":
			f.Late = gens(args)
		case "template":
			f.Template = gens(args)
		case "empty":
			f.Empty = true
		case "tolerates":
			tolerates(&f.Tolerates, args)
		case "default":
			f.Default = args[0]
		case "example":
			f.Example = args[0]
		case "unit":
			f.Unit = args[0]
		case "ignored":
			f.Ignored = args[0]
		case "deprecated":
			f.ReplacedBy, f.Deprecated = args[0], args[1]
		default:
			c.fail(a, "unknown attribute @%s", key)
		}
	}
	f.Types = c.types(e.Value, e)
	return f
}

func (c *compiler) types(x ast.Expr, at *ast.Field) [2]*Type {
	var out [2]*Type
	for g := range out {
		out[g] = c.typ(g, x)
		if len(out[g].Alts) == 0 && !out[g].Any {
			c.fail(at, "cannot read the type of %s", label(at))
		}
	}
	return out
}

// typ reads a type expression. Named scalar types are read in place and keep their words.
func (c *compiler) typ(g int, x ast.Expr) *Type {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.typ(g, x.X)
	case *ast.BinaryExpr:
		if x.Op == token.OR {
			l, r := c.typ(g, x.X), c.typ(g, x.Y)
			t := &Type{Any: l.Any || r.Any, Alts: slices.Concat(l.Alts, r.Alts), Late: l.Late | r.Late}
			for i := range t.Tolerates {
				t.Tolerates[i] = slices.Concat(l.Tolerates[i], r.Tolerates[i])
			}
			return t
		}
		return c.conjunction(g, x)
	case *ast.UnaryExpr:
		return &Type{Alts: []Alt{c.constraint(x, Alt{})}}
	case *ast.BasicLit:
		return &Type{Alts: []Alt{literalAlt(x)}}
	case *ast.ListLit:
		return &Type{Alts: []Alt{c.list(g, x)}}
	case *ast.StructLit:
		for _, e := range x.Elts {
			if f, ok := e.(*ast.Field); ok {
				return &Type{Alts: []Alt{{Kind: "map", Item: c.typ(g, f.Value)}}}
			}
		}
		return &Type{Alts: []Alt{{Kind: "map", Item: &Type{Any: true}}}}
	case *ast.Ident:
		return c.ident(g, x)
	}
	c.fail(x, "cannot read this type")
	return &Type{}
}

func (c *compiler) list(g int, x *ast.ListLit) Alt {
	a := Alt{Kind: "list", Item: &Type{Any: true}}
	for _, e := range x.Elts {
		if e, ok := e.(*ast.Ellipsis); ok && e.Type != nil {
			a.Item = c.typ(g, e.Type)
		}
	}
	return a
}

func (c *compiler) ident(g int, x *ast.Ident) *Type {
	basic := map[string]string{"string": "text", "int": "int", "number": "number", "bool": "bool", "bytes": "date"}
	if k := basic[x.Name]; k != "" {
		return &Type{Alts: []Alt{{Kind: k}}}
	}
	if x.Name == "_" {
		return &Type{Any: true}
	}
	d, ok := c.defs[g][x.Name]
	if !ok {
		c.fail(x, "%s is not defined", x.Name)
		return &Type{}
	}
	if lit, ok := d.field.Value.(*ast.StructLit); ok && !isMap(lit) {
		return &Type{Alts: []Alt{{Kind: "map", Object: strings.TrimPrefix(x.Name, "#")}}}
	}
	if u := c.union(x.Name, d); u != nil {
		return &Type{Alts: []Alt{{Kind: "map", Union: u.Name}}}
	}
	t := c.typ(g, d.field.Value)
	for _, a := range d.field.Attrs {
		switch key, args := attr(a); key {
		case "words":
			for i := range t.Alts {
				t.Alts[i].Words = args[0]
			}
		case "late":
			t.Late = gens(args)
		case "tolerates":
			tolerates(&t.Tolerates, args)
		default:
			c.fail(a, "unknown attribute @%s", key)
		}
	}
	return t
}

// union reads a definition that is a disjunction of nothing but structs.
func (c *compiler) union(name string, d def) *Union {
	u := &Union{Name: strings.TrimPrefix(name, "#"), Doc: d.doc}
	var walk func(x ast.Expr) bool
	walk = func(x ast.Expr) bool {
		switch x := x.(type) {
		case *ast.BinaryExpr:
			return x.Op == token.OR && walk(x.X) && walk(x.Y)
		case *ast.Ident:
			lit, ok := c.defs[1][x.Name].fieldValue().(*ast.StructLit)
			u.Variants = append(u.Variants, strings.TrimPrefix(x.Name, "#"))
			return ok && !isMap(lit)
		}
		return false
	}
	if !walk(d.field.Value) || len(u.Variants) < 2 {
		return nil
	}
	for _, a := range d.field.Attrs {
		if key, args := attr(a); key == "discriminator" {
			u.Discriminator = args[0]
		}
	}
	return u
}

func (d def) fieldValue() ast.Expr {
	if d.field == nil {
		return nil
	}
	return d.field.Value
}

func (c *compiler) conjunction(g int, x *ast.BinaryExpr) *Type {
	t := c.typ(g, x.X)
	if call, ok := x.Y.(*ast.CallExpr); ok && isWhole(call) && len(t.Alts) == 1 {
		t.Alts[0].Whole = true
		return t
	}
	u, ok := x.Y.(*ast.UnaryExpr)
	if x.Op != token.AND || !ok || len(t.Alts) != 1 {
		c.fail(x, "cannot read this type: a conjunction is a type & a bound or pattern")
		return t
	}
	t.Alts[0] = c.constraint(u, t.Alts[0])
	return t
}

func (c *compiler) constraint(x *ast.UnaryExpr, a Alt) Alt {
	lit, ok := x.X.(*ast.BasicLit)
	if !ok {
		c.fail(x, "a bound needs a literal")
		return a
	}
	switch x.Op {
	case token.MAT, token.NMAT:
		s, err := literal.Unquote(lit.Value)
		if err != nil {
			c.fail(x, "%v", err)
		}
		a.Kind = "text"
		if x.Op == token.MAT {
			a.Match = s
		} else {
			a.Unlike = s
		}
	case token.GTR, token.GEQ:
		a.Min, a.MinExcl = lit.Value, x.Op == token.GTR
	case token.LSS, token.LEQ:
		a.Max, a.MaxExcl = lit.Value, x.Op == token.LSS
	default:
		c.fail(x, "unknown constraint %v", x.Op)
	}
	if a.Kind == "" {
		a.Kind = "number"
	}
	return a
}
