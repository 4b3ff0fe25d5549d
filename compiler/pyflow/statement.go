package pyflow

import "strings"

// simple reads one simple statement.
func (s *scanner) simple(i, j int) {
	if i >= j {
		return
	}
	b := s.top()
	begun := b.begun
	b.begun = true
	s.pending = nil // a decorator without a def decorates nothing
	if !begun {
		if doc, ok := s.docstring(i, j); ok {
			s.setDocstring(b, doc)
			return
		}
	}
	if b.scope == nil {
		return
	}
	s.walrus(i, j, b.cond)
	switch word := s.m.tok(i); {
	case s.m.tokens[i].kind != tokName:
		s.assignment(i, j)
	case word == "import" && i+1 < j:
		s.imports(i+1, j)
	case word == "from" && i+1 < j:
		s.fromImport(i+1, j)
	case word == "del":
		for k := i + 1; k < j; k++ {
			s.bindOther(k, b.cond)
		}
	case word == "type" && i+2 < j && s.m.tokens[i+1].kind == tokName && s.find(i, j, "=") < j:
		s.bindOther(i+1, b.cond)
	case word == "pass":
	default:
		s.assignment(i, j)
	}
}

func (s *scanner) setDocstring(b *block, doc Docstring) {
	switch {
	case b.fn != nil:
		b.fn.Docstring = doc
	case b.class != nil:
		b.class.Docstring = doc
	default:
		s.m.Docstring = doc.Text
	}
}

// dotted reads a.b.c with leading dots from i on and returns the index behind it.
func (s *scanner) dotted(i, j int) (string, int) {
	var b strings.Builder
	for i < j {
		t := s.m.tokens[i]
		text := s.m.tok(i)
		if t.kind == tokName && text != "import" && text != "as" || text == "." || text == "..." {
			b.WriteString(text)
			i++
			continue
		}
		break
	}
	return b.String(), i
}

func (s *scanner) imports(i, j int) {
	for i < j {
		end := s.find(i, j, ",")
		module, k := s.dotted(i, end)
		imp := &Import{Module: module}
		switch {
		case k+1 < end && s.m.tok(k) == "as":
			imp.Name = s.m.textOf(tokenRange{k + 1, k + 2})
		case i < end:
			imp.Name = s.m.textOf(tokenRange{i, i + 1})
			imp.Whole = strings.Contains(module, ".")
			imp.Module, _, _ = strings.Cut(module, ".")
		}
		s.bindImport(imp)
		i = end + 1
	}
}

func (s *scanner) fromImport(i, j int) {
	module, i := s.dotted(i, j)
	if i >= j || s.m.tok(i) != "import" {
		return
	}
	i++
	if i < j && s.m.tok(i) == "(" {
		i++
		if s.m.tok(j-1) == ")" {
			j--
		}
	}
	for i < j {
		end := s.find(i, j, ",")
		if end > i {
			s.fromName(module, i, end)
		}
		i = end + 1
	}
}

func (s *scanner) fromName(module string, i, end int) {
	attr := s.m.tok(i)
	if attr == "*" {
		s.m.stars = append(s.m.stars, star{module, s.m.tokens[i].end})
		return
	}
	if module == "__future__" && attr == "annotations" {
		s.m.future = true
	}
	imp := &Import{Module: module, Attr: attr, Name: s.m.textOf(tokenRange{i, i + 1})}
	if i+2 < end && s.m.tok(i+1) == "as" {
		imp.Name = s.m.textOf(tokenRange{i + 2, i + 3})
	}
	s.bindImport(imp)
}

func (s *scanner) bindImport(imp *Import) {
	b := s.top()
	if imp.Name.Text == "" {
		return
	}
	if b.class == nil {
		s.m.Imports = append(s.m.Imports, imp)
	}
	b.scope.bind(imp.Name.Text, binding{kind: bindImport, at: imp.Name.Span.End, cond: b.cond, imp: imp})
}

// assignment reads targets = value, name: annotation = value, augmented assignments and expressions.
func (s *scanner) assignment(i, j int) {
	b := s.top()
	s.findCallSites(i, j)
	if s.m.tokens[i].kind == tokName && i+1 < j && s.m.tok(i+1) == ":" {
		s.annotated(i, j)
		return
	}
	value := i
	for {
		eq := s.find(value, j, "=")
		if eq == j {
			break
		}
		value = eq + 1
	}
	if value == i {
		s.expression(i, j)
		return
	}
	for start := i; start < value; {
		eq := s.find(start, value, "=")
		s.target(start, eq, tokenRange{value, j}, b)
		start = eq + 1
	}
}

// target binds the names left of one "=".
func (s *scanner) target(i, eq int, value tokenRange, b *block) {
	if eq != i+1 || s.m.tokens[i].kind != tokName {
		for k, depth := i, 0; k < eq; k++ {
			switch t := s.m.tok(k); {
			case t == "[" && k > i && s.m.tokens[k-1].kind == tokName, depth > 0 && t == "[":
				depth++
			case t == "]" && depth > 0:
				depth--
			case depth == 0 && (k == i || s.m.tok(k-1) != ".") && (k+1 >= eq || s.m.tok(k+1) != "." && s.m.tok(k+1) != "["):
				s.bindOther(k, b.cond)
			}
		}
		if i < eq && (s.m.tok(i) == "globals" || s.m.tok(i) == "sys") {
			s.m.dynamic = true
		}
		if b.class != nil {
			b.class.plain = false
		}
		return
	}
	s.bindValue(i, tokenRange{}, value, b)
}

func (s *scanner) annotated(i, j int) {
	eq := s.find(i+2, j, "=")
	value := tokenRange{}
	if eq < j {
		value = tokenRange{eq + 1, j}
	}
	s.bindValue(i, tokenRange{i + 2, eq}, value, s.top())
}

// bindValue binds one name to one expression, in a class body as a field.
func (s *scanner) bindValue(name int, annotation, value tokenRange, b *block) {
	text := s.m.textOf(tokenRange{name, name + 1})
	if b.class != nil {
		b.class.Fields = append(b.class.Fields, Field{Name: text, Annotation: s.m.textOf(annotation), Value: s.m.textOf(value),
			annotation: annotation, value: value, cond: b.cond})
	}
	if value.empty() {
		return
	}
	a := &Assignment{Name: text, Value: s.m.textOf(value), value: value, cond: b.cond}
	if b.class == nil {
		s.m.Assignments = append(s.m.Assignments, a)
	}
	b.scope.bind(text.Text, binding{kind: bindAssign, at: s.m.tokens[value.to-1].end, cond: b.cond, assign: a})
}

// expression notes what an expression or augmented assignment does to names.
func (s *scanner) expression(i, j int) {
	b := s.top()
	if b.class != nil && !(j == i+1 && (s.m.tok(i) == "..." || s.m.tokens[i].kind == tokString)) {
		b.class.plain = false
	}
	if i+1 >= j {
		return
	}
	switch op := s.m.tok(i + 1); {
	case len(op) >= 2 && op[len(op)-1] == '=' && s.m.tokens[i+1].kind == tokOp && !strings.Contains("== != <= >=", op):
		s.bindOther(i, b.cond)
	case op == "(":
		switch s.m.tok(i) {
		case "exec", "globals", "setattr", "vars", "locals", "execfile":
			s.m.dynamic = true
		}
	}
}
