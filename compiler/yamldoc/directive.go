package yamldoc

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/source"
)

// Directives as PyYAML's scanner takes them; what stands behind an unknown name does not matter to it.
var (
	yamlDirective  = pattern.New(`^%YAML +0*1\.[0-9]+ *( #.*)?$`)
	tagDirective   = pattern.New(`^%TAG +(![0-9A-Za-z_-]*!|!) +(?:[0-9A-Za-z;/?:@&=+$,_.!~*'()\[\]-]|%[0-9A-Fa-f]{2})+ *( #.*)?$`)
	otherDirective = pattern.New(`^%[0-9A-Za-z_-]+( .*)?$`)
)

// directives goes over the lines that start with "%" and reports those that PyYAML refuses: yaml.v3 takes most.
func (w *walker) directives() {
	w.skip()
	seen := map[string]bool{}
	last := source.Span{}
	for w.at(0) == '%' && w.lineStart(w.pos) == w.pos {
		start := w.pos
		for w.pos < len(w.text) && breakLen(w.text, w.pos) == 0 {
			w.pos++
		}
		last = source.Span{Start: start, End: w.pos}
		w.directive(last, seen)
		w.skip()
	}
	if last.Len() > 0 && !w.marker('-') {
		w.doc.fatal(Syntax, last, "a line that starts with %% is a directive, and --- must follow it: quote the text if it is none")
	}
}

func (w *walker) directive(at source.Span, seen map[string]bool) {
	text := w.doc.File.Slice(at)
	name, rest, _ := strings.Cut(text, " ")
	known, what := otherDirective, "once"
	switch name {
	case "%YAML":
		known = yamlDirective
	case "%TAG":
		known = tagDirective
		what, _, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	}
	if !known.MatchString(text) {
		w.doc.fatal(Syntax, at, "%q is no directive that PyYAML reads, such as %%YAML 1.1: quote the text if it is none", clip(text))
		return
	}
	if (name == "%YAML" || name == "%TAG") && seen[name+what] {
		w.doc.fatal(Syntax, at, "directive %s is given twice: remove one", name)
	}
	seen[name+what] = true
}
