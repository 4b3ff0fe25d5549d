package pyflow

// match is the index of the bracket that closes the one at i, or j.
func (s *scanner) match(i, j int) int {
	depth := 0
	for k := i; k < j; k++ {
		if s.m.tokens[k].kind != tokOp {
			continue
		}
		switch s.m.tok(k) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth <= 0 {
				return k
			}
		}
	}
	return j
}

// def reads a function header; start is the first token of the statement, i the word def. It returns where the body
// starts on the line.
func (s *scanner) def(start, i, j int, col int32, async bool) int {
	outer := s.top()
	outer.begun = true
	fn := &Function{Async: async, Decorators: s.takeDecorators(), cond: outer.cond, local: outer.scope == nil || len(s.blocks) > maxBlocks}
	k := i + 1
	if k < j && s.m.tokens[k].kind == tokName {
		fn.Name = s.m.textOf(tokenRange{k, k + 1})
		k++
	} else {
		fn.broken = true
	}
	fn.Qualname = s.qualname(fn.Name.Text)
	if outer.fn == nil {
		fn.Class = outer.class
	}
	if k < j && s.m.tok(k) == "[" {
		fn.Generic = true
		k = s.match(k, j) + 1
	}
	if k < j && s.m.tok(k) == "(" {
		end := s.match(k, j)
		fn.broken = fn.broken || end == j
		s.params(fn, k+1, end)
		k = min(end+1, j)
	} else {
		fn.broken = true
	}
	colon := s.find(k, j, ":")
	if k < colon && s.m.tok(k) == "->" {
		fn.returns = tokenRange{k + 1, colon}
		fn.Returns = s.m.textOf(fn.returns)
	}
	fn.broken = fn.broken || colon == j
	fn.Header = s.span(start, min(colon, j-1))
	s.m.Functions = append(s.m.Functions, fn)
	if outer.scope != nil {
		outer.scope.bind(fn.Name.Text, binding{kind: bindFunction, at: fn.Header.End, cond: outer.cond, fn: fn})
		if fn.Name.Text == "__getattr__" && outer.class == nil {
			s.m.dynamic = true
		}
	}
	s.blocks = append(s.blocks, block{col: col, word: "def", fn: fn, cond: outer.cond})
	return colon + 1
}

// params reads what stands between the brackets of a header.
func (s *scanner) params(fn *Function, i, end int) {
	kind := Positional
	for i < end {
		comma := s.find(i, end, ",")
		if comma > i {
			kind = s.param(fn, i, comma, kind)
		}
		i = comma + 1
	}
}

// param reads one parameter and returns the kind of those behind it.
func (s *scanner) param(fn *Function, i, end int, kind ParamKind) ParamKind {
	p, next := Param{Kind: kind}, kind
	switch s.m.tok(i) {
	case "/":
		for k := range fn.Params {
			fn.Params[k].Kind = PositionalOnly
		}
		return kind
	case "*":
		next = KeywordOnly
		if i+1 == end {
			return next
		}
		p.Kind = VarPositional
		i++
	case "**":
		p.Kind = VarKeyword
		i++
	}
	if i >= end || s.m.tokens[i].kind != tokName {
		fn.broken = true
		return next
	}
	p.Name = s.m.textOf(tokenRange{i, i + 1})
	colon := s.find(i, end, ":")
	eq := s.find(i, end, "=")
	if colon < eq {
		p.annotation = tokenRange{colon + 1, eq}
		p.Annotation = s.m.textOf(p.annotation)
	}
	if eq < end {
		p.defaultAt = tokenRange{eq + 1, end}
		p.Default = s.m.textOf(p.defaultAt)
	}
	fn.Params = append(fn.Params, p)
	return next
}

// classDef reads a class header.
func (s *scanner) classDef(i, j int, col int32) int {
	outer := s.top()
	outer.begun = true
	c := &Class{Decorators: s.takeDecorators(), cond: outer.cond, local: outer.scope == nil || len(s.blocks) > maxBlocks, scope: newScope(), plain: true}
	if outer.fn == nil {
		c.outer = outer.class
	}
	k := i + 1
	if k < j && s.m.tokens[k].kind == tokName {
		c.Name = s.m.textOf(tokenRange{k, k + 1})
		k++
	}
	c.Qualname = s.qualname(c.Name.Text)
	if k < j && s.m.tok(k) == "[" {
		c.plain = false
		k = s.match(k, j) + 1
	}
	if k < j && s.m.tok(k) == "(" {
		end := s.match(k, j)
		for from := k + 1; from < end; {
			comma := s.find(from, end, ",")
			if r := (tokenRange{from, comma}); !r.empty() {
				c.bases = append(c.bases, r)
				c.Bases = append(c.Bases, s.m.textOf(r))
			}
			from = comma + 1
		}
		k = min(end+1, j)
	}
	colon := s.find(k, j, ":")
	c.Header = s.span(i, min(colon, j-1))
	s.m.Classes = append(s.m.Classes, c)
	if outer.scope != nil && c.Name.Text != "" {
		outer.scope.bind(c.Name.Text, binding{kind: bindClass, at: c.Header.End, cond: outer.cond, class: c})
	}
	b := block{col: col, word: "class", class: c, cond: outer.cond, scope: c.scope}
	if c.local {
		b.scope = newScope()
	}
	s.blocks = append(s.blocks, b)
	return colon + 1
}
