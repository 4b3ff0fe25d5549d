package compile

import (
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

func label(f *ast.Field) string {
	switch l := f.Label.(type) {
	case *ast.Ident:
		return l.Name
	case *ast.BasicLit:
		s, err := literal.Unquote(l.Value)
		if err == nil {
			return s
		}
		return l.Value
	}
	return ""
}

// doc is the comment above a field, with each paragraph on one line.
func doc(f *ast.Field) string {
	var paragraphs []string
	for _, g := range ast.Comments(f) {
		if !g.Doc {
			continue
		}
		for p := range strings.SplitSeq(g.Text(), "\n\n") {
			paragraphs = append(paragraphs, strings.Join(strings.Fields(p), " "))
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// isMap says that a struct is only a pattern: a mapping with free keys, of no name and documentation.
func isMap(lit *ast.StructLit) bool {
	if len(lit.Elts) != 1 {
		return false
	}
	f, ok := lit.Elts[0].(*ast.Field)
	if !ok {
		return false
	}
	_, ok = f.Label.(*ast.ListLit)
	return ok
}

func literalAlt(x *ast.BasicLit) Alt {
	switch x.Kind {
	case token.STRING:
		s, err := literal.Unquote(x.Value)
		if err != nil {
			s = x.Value
		}
		return Alt{Kind: "text", Enum: []string{s}}
	case token.INT:
		return Alt{Kind: "int", Enum: []string{x.Value}}
	}
	return Alt{Kind: "number", Enum: []string{x.Value}}
}

// isWhole recognises math.MultipleOf(1).
func isWhole(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	pkg, ok1 := sel.X.(*ast.Ident)
	name, ok2 := sel.Sel.(*ast.Ident)
	arg, ok3 := call.Args[0].(*ast.BasicLit)
	return ok1 && ok2 && ok3 && pkg.Name == "math" && name.Name == "MultipleOf" && arg.Value == "1"
}

// attr splits @key(a, "b, c") into its key and arguments.
func attr(a *ast.Attribute) (key string, args []string) {
	key, body := a.Split()
	for body = strings.TrimSpace(body); body != ""; body = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(body), ",")) {
		if body[0] != '"' {
			end := strings.IndexByte(body, ',')
			if body[0] == '[' || body[0] == '{' || end < 0 {
				end = len(body)
			}
			args = append(args, strings.TrimSpace(body[:end]))
			body = body[end:]
			continue
		}
		end := 1
		for end < len(body) && body[end] != '"' {
			if body[end] == '\\' {
				end++
			}
			end++
		}
		s, err := literal.Unquote(body[:end+1])
		if err != nil {
			s = body[1:end]
		}
		args = append(args, s)
		body = body[end+1:]
	}
	if len(args) == 0 {
		args = []string{}
	}
	return key, args
}

// gens reads the generations of an attribute; none named means both.
func gens(args []string) Gens {
	var s Gens
	if slices.Contains(args, "2") {
		s |= 1
	}
	if slices.Contains(args, "3") {
		s |= 2
	}
	if s == 0 {
		s = 3
	}
	return s
}

func tolerates(to *[2][]string, args []string) {
	switch args[0] {
	case "2":
		to[0] = append(to[0], args[1:]...)
	case "3":
		to[1] = append(to[1], args[1:]...)
	}
}
