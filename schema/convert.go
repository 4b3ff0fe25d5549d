package schema

import (
	"math"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// converter writes data as CUE expressions, with quoted labels, ready for Context.BuildExpr. Nulls, empty mappings and
// templates that count as leaving a field out, or that stand for a value not yet known, are left out; items of unions
// are kept for later, since CUE explains a disjunction of structs badly.
type converter struct {
	g      Generation
	left   int
	later  []part
	waived [][]Step // places of required fields whose value is not known yet
}

func extend(path []Step, s Step) []Step { return append(path[:len(path):len(path)], s) }

// object writes a mapping that is to be of an object.
func (c *converter) object(o *Object, d Data, path []Step, depth int) ast.Expr {
	lit := &ast.StructLit{}
	if depth > maxDepth {
		return lit
	}
	for i := range d.Len() {
		k, v := d.Field(i)
		if c.left--; c.left < 0 {
			return lit
		}
		if k.Kind() != KindString {
			continue // a key that is not text is not a key to CUE; the walker reports it
		}
		s := Step{Key: k.Text()}
		f := o.byName[s.Key]
		t := o.Rest
		if f != nil {
			if t = f.Type(c.g); f.In(c.g) && c.absent(f, v) {
				if f.Required {
					c.waived = append(c.waived, extend(path, s))
				}
				continue
			}
		}
		c.add(lit, s.Key, c.value(f, t, v, extend(path, s), depth))
	}
	return lit
}

func (c *converter) add(lit *ast.StructLit, key string, x ast.Expr) {
	lit.Elts = append(lit.Elts, &ast.Field{Label: ast.NewString(key), Value: x})
}

// absent says whether a value counts as leaving the field out, or will only be known later.
func (c *converter) absent(f *Field, v Data) bool {
	switch v.Kind() {
	case KindNull:
		return f.null.has(c.g)
	case KindString:
		return f.template.has(c.g) && hasTemplate(v.Text())
	case KindMap:
		return f.empty && v.Len() == 0
	}
	return false
}

// value writes data of a type; t is nil where anything goes or nothing is known.
func (c *converter) value(f *Field, t *Type, v Data, path []Step, depth int) ast.Expr {
	if c.left--; c.left < 0 {
		return ast.NewNull()
	}
	if t != nil && t.Any && v.Kind() != KindNull {
		return ast.NewString("")
	}
	switch v.Kind() {
	case KindBool:
		return ast.NewBool(v.Bool())
	case KindInt, KindFloat:
		return numberExpr(v)
	case KindString:
		return ast.NewString(strings.ToValidUTF8(v.Text(), "\uFFFD"))
	case KindDate:
		return &ast.BasicLit{Kind: token.STRING, Value: literal.Bytes.Quote(v.Text())}
	case KindList:
		return c.list(f, t, v, path, depth)
	case KindMap:
		return c.mapping(f, t, v, path, depth)
	case KindOther:
		return nothing()
	}
	return ast.NewNull()
}

func (c *converter) list(f *Field, t *Type, v Data, path []Step, depth int) ast.Expr {
	a := t.alt(KindList)
	lit := &ast.ListLit{}
	for i := range v.Len() {
		p := extend(path, Step{Index: i, IsIndex: true})
		item := v.Item(i)
		if a == nil || a.Item.Any || c.left < 0 {
			return lit // of the wrong kind, or free: the items do not matter
		}
		if f != nil && f.template.has(c.g) && item.Kind() == KindString && hasTemplate(item.Text()) {
			lit.Elts = append(lit.Elts, ast.NewString("x")) // in a list of texts, as all with templates are
			continue
		}
		lit.Elts = append(lit.Elts, c.value(f, a.Item, item, p, depth))
	}
	return lit
}

func (c *converter) mapping(f *Field, t *Type, v Data, path []Step, depth int) ast.Expr {
	a := t.alt(KindMap)
	switch {
	case a == nil:
		return &ast.StructLit{}
	case a.Union != nil:
		o, known := a.Union.Variant(v)
		if o != nil {
			c.later = append(c.later, part{object: o, data: v, path: path})
		}
		return chosen(o != nil || !known)
	case a.Object != nil && a.Object.Name == "Deployment":
		c.later = append(c.later, part{object: a.Object, data: v, path: path})
		return &ast.StructLit{}
	case a.Object != nil:
		return c.object(a.Object, v, path, depth+1)
	}
	lit := &ast.StructLit{}
	for i := range v.Len() {
		k, item := v.Field(i)
		if c.left < 0 || a.Item.Any {
			break
		}
		if k.Kind() != KindString {
			continue
		}
		s := Step{Key: k.Text()}
		if f != nil && f.template.has(c.g) && item.Kind() == KindString && hasTemplate(item.Text()) {
			continue
		}
		c.add(lit, s.Key, c.value(f, a.Item, item, extend(path, s), depth))
	}
	return lit
}

// alt is the first alternative of a kind, or nil.
func (t *Type) alt(k Kind) *Alt {
	if t == nil {
		return nil
	}
	for i := range t.Alts {
		if t.Alts[i].Kind == k {
			return &t.Alts[i]
		}
	}
	return nil
}

// nothing is a value that fits no type but _.
func nothing() ast.Expr { return ast.NewList(ast.NewNull(), ast.NewList(ast.NewNull())) }

func numberExpr(v Data) ast.Expr {
	x := v.Number()
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nothing() // CUE has no such numbers
	}
	kind, text := token.FLOAT, number(x)
	if v.Kind() == KindInt {
		kind, text = token.INT, strconv.FormatFloat(x, 'f', -1, 64)
	} else if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	var e ast.Expr = &ast.BasicLit{Kind: kind, Value: strings.TrimPrefix(text, "-")}
	if strings.HasPrefix(text, "-") {
		e = &ast.UnaryExpr{Op: token.SUB, X: e}
	}
	return e
}
