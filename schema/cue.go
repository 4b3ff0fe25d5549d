package schema

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
)

//go:embed *.cue
var sources embed.FS

// common are the CUE files of both generations, in reading order.
var common = [...]string{"language.cue", "trigger.cue", "sla.cue", "scalar.cue"}

// definitions are the CUE definitions of one generation, compiled.
type definitions struct {
	ctx    *cue.Context
	object map[*Object]cue.Value
}

// CUE is the source text of the language, with the steps of both generations: what "prefectc schema" prints.
func CUE() string {
	var b strings.Builder
	for _, name := range append(common[:], "prefect2.cue", "prefect3.cue", "steps2_gen.cue", "steps3_gen.cue") {
		text, err := sources.ReadFile(name)
		if err != nil {
			return "" // embedded: cannot happen
		}
		fmt.Fprintf(&b, "// %s\n\n%s\n", name, text)
	}
	return b.String()
}

// instance reads the language's files for one generation as one CUE file, without the fields of the other.
func instance(g Generation) (*ast.File, error) {
	out := &ast.File{}
	var imports ast.Decl // of math, which is all that the files import
	for _, name := range append(common[:], fmt.Sprintf("prefect%d.cue", g)) {
		text, err := sources.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(name, text, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		for _, d := range f.Decls {
			switch d.(type) {
			case *ast.Package:
			case *ast.ImportDecl:
				imports = d
			default:
				out.Decls = append(out.Decls, d)
			}
		}
	}
	prune(out.Decls, g)
	if imports != nil {
		out.Decls = append([]ast.Decl{imports}, out.Decls...)
	}
	return out, nil
}

// prune removes the fields that the generation does not know.
func prune(decls []ast.Decl, g Generation) {
	for _, d := range decls {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		lit, ok := f.Value.(*ast.StructLit)
		if !ok {
			continue
		}
		kept := lit.Elts[:0]
		for _, e := range lit.Elts {
			if !foreign(e, g) {
				kept = append(kept, e)
			}
		}
		lit.Elts = kept
	}
}

func foreign(d ast.Decl, g Generation) bool {
	f, ok := d.(*ast.Field)
	if !ok {
		return false
	}
	for _, a := range f.Attrs {
		switch key, body := a.Split(); {
		case key == "since" && body > fmt.Sprint(int(g)), key == "until" && body < fmt.Sprint(int(g)):
			return true
		}
	}
	return false
}

// opaqueUnions replaces each union by {variant: true}: an item of a union is evaluated by itself, against the variant it
// chooses, and stands here only as that, or as {variant: false} when it chooses none. References are resolved anew.
func opaqueUnions(l *Language, f *ast.File) (*ast.File, error) {
	for _, decl := range f.Decls {
		if f, ok := decl.(*ast.Field); ok {
			if id, ok := f.Label.(*ast.Ident); ok && l.unions[strings.TrimPrefix(id.Name, "#")] != nil {
				f.Value = chosen(true)
			}
		}
	}
	text, err := format.Node(f)
	if err != nil {
		return nil, fmt.Errorf("write the language: %w", err)
	}
	return parser.ParseFile("language.cue", text)
}

func chosen(ok bool) ast.Expr {
	return ast.NewStruct(&ast.Field{Label: ast.NewIdent("variant"), Value: ast.NewBool(ok)})
}

// define compiles the definitions of a generation.
func define(l *Language, g Generation) (*definitions, error) {
	f, err := instance(g)
	if err != nil {
		return nil, err
	}
	f, err = opaqueUnions(l, f)
	if err != nil {
		return nil, err
	}
	d := &definitions{ctx: cuecontext.New(), object: map[*Object]cue.Value{}}
	root := d.ctx.BuildFile(f)
	if err := root.Err(); err != nil {
		return nil, fmt.Errorf("compile the language: %w", err)
	}
	for _, o := range l.objects {
		v := root.LookupPath(cue.MakePath(cue.Def(o.Name)))
		if err := v.Err(); err != nil {
			return nil, fmt.Errorf("compile #%s: %w", o.Name, err)
		}
		d.object[o] = v
	}
	return d, nil
}

// Conflicts evaluates the object's CUE definition with data and returns the places of what CUE refuses, relative to the
// data. Deployments are evaluated one by one, and items of unions against the variant they choose. It is the judge that
// the table is held to; it knows nothing of @exactlyone and @onekey, which CUE has no readable form for.
func (l *Language) Conflicts(object string, g Generation, d Data) ([][]Step, error) {
	o := l.byName[object]
	if o == nil {
		return nil, fmt.Errorf("schema: unknown object %q", object)
	}
	defs, err := l.compiled[slot(g)]()
	if err != nil {
		return nil, err
	}
	return defs.conflicts(g, part{object: o, data: d}, maxValues, maxValues), nil
}

// part is an object that CUE evaluates by itself.
type part struct {
	object *Object
	data   Data
	path   []Step
	alone  bool // without the parts inside it
}

// conflicts evaluates at most so many parts, and none with more than so many values.
func (defs *definitions) conflicts(g Generation, p part, parts, values int) [][]Step {
	var out [][]Step
	for queue := []part{p}; len(queue) > 0 && parts > 0; queue, parts = queue[1:], parts-1 {
		p := queue[0]
		c := &converter{g: g, left: values}
		if p.data.Kind() != KindMap {
			out = append(out, p.path)
			continue
		}
		x := c.object(p.object, p.data, p.path, 0)
		if c.left < 0 {
			continue
		}
		v := defs.object[p.object].Unify(defs.ctx.BuildExpr(x))
		for _, e := range errors.Errors(v.Validate(cue.Concrete(true), cue.All())) {
			path := slices.Concat(p.path, steps(p.data, e.Path()))
			if !slices.ContainsFunc(c.waived, func(w []Step) bool { return slices.Equal(w, path) }) {
				out = append(out, path)
			}
		}
		if !p.alone {
			queue = append(queue, c.later...)
		}
	}
	return out
}

// steps reads the path of a CUE error. CUE names an item of a list by its number and quotes labels that are no
// identifiers; a definition stands first.
func steps(at Data, path []string) []Step {
	var out []Step
	for _, s := range path {
		if strings.HasPrefix(s, "#") && len(out) == 0 {
			continue
		}
		if at != nil && at.Kind() == KindList {
			if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < at.Len() {
				out = append(out, Step{Index: n, IsIndex: true})
				at = at.Item(n)
				continue
			}
		}
		if u, err := literal.Unquote(s); err == nil {
			s = u
		}
		if s == "variant" && at != nil && at.Kind() == KindMap && entry(at, s) == nil {
			break // of chosen, not of the data
		}
		out = append(out, Step{Key: s})
		if at != nil && at.Kind() == KindMap {
			at = entry(at, s)
		}
	}
	return out
}

// What one Check shows to CUE: this many rejected objects, of this many parts and values each. The table alone explains
// the others.
const (
	confirmed       = 16
	confirmedParts  = 32
	confirmedValues = 10_000
)

// confirm evaluates CUE for the objects in which the walker found something, and adds a violation for each place that
// CUE refuses and the walker said nothing about. Only a fact that is in CUE and not in the table makes one.
func (l *Language) confirm(o *Object, g Generation, d Data, w *walker) {
	parts := []part{{object: o, data: d, alone: o.Name == "File"}}
	for _, u := range w.rejected {
		if o.Name == "File" && u.object.Name == "Deployment" && len(parts) < confirmed {
			parts = append(parts, part{object: u.object, data: u.data, path: u.path})
		}
	}
	l.confirmParts(o, g, parts, w)
}

// confirmParts is confirm for the given parts of an object.
func (l *Language) confirmParts(o *Object, g Generation, parts []part, w *walker) {
	if w.left <= 0 || parts[0].data.Kind() != KindMap {
		return
	}
	defs, err := l.compiled[slot(g)]()
	if err != nil {
		return // a test compiles every definition
	}
	for _, p := range parts {
		for _, path := range defs.conflicts(g, p, confirmedParts, confirmedValues) {
			if !w.explains(path) {
				w.path = path
				f, owner := l.at(o, g, path)
				v := Violation{Path: path, At: -1, Kind: BadValue, Object: owner, Field: f, Effect: Fails}
				if f != nil {
					v.Want = f.Text(g)
				}
				w.report(v)
			}
		}
	}
}

// explains says whether something was found at a place, in it, or around it.
func (w *walker) explains(path []Step) bool {
	for _, v := range w.found {
		n := min(len(v.Path), len(path))
		if slices.Equal(v.Path[:n], path[:n]) {
			return true
		}
	}
	return false
}

// at finds the field that a path leads to, and the object that it is in.
func (l *Language) at(o *Object, g Generation, path []Step) (*Field, *Object) {
	var f *Field
	for _, s := range path {
		if s.IsIndex {
			continue
		}
		if f != nil {
			inner := f.objects(g)
			if len(inner) == 0 {
				return f, o
			}
			o = inner[0]
		}
		if f = o.byName[s.Key]; f == nil {
			return nil, o
		}
	}
	return f, o
}
