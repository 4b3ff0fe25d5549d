package yamldoc

import (
	"net/url"
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/source"
)

// Directives as PyYAML's scanner takes them; what stands behind an unknown name does not matter to it.
var (
	yamlDirective  = pattern.New(`^%YAML +0*1\.[0-9]+ *( #.*)?$`)
	tagDirective   = pattern.New(`^%TAG +(![0-9A-Za-z_-]*!|!) +((?:[0-9A-Za-z;/?:@&=+$,_.!~*'()\[\]-]|%[0-9A-Fa-f]{2})+) *( #.*)?$`)
	otherDirective = pattern.New(`^%[0-9A-Za-z_-]+( .*)?$`)
)

// directives reads the lines that start with "%" in front of the data, and reports those that PyYAML refuses.
func (p *parser) directives() {
	last := source.Span{}
	seen := map[string]bool{}
	for p.peek().kind == directiveToken {
		t := p.next()
		last = source.Span{Start: t.start, End: t.end}
		p.directive(last, seen)
	}
	if last.Len() > 0 && p.peek().kind != documentStart {
		p.doc.fatal(Syntax, last, "a line that starts with %% is a directive, and --- must follow it: quote the text if it is none")
	}
}

func (p *parser) directive(at source.Span, seen map[string]bool) {
	text := p.str[at.Start:at.End]
	name, _, _ := strings.Cut(text, " ")
	known, what := otherDirective, ""
	switch name {
	case "%YAML":
		known = yamlDirective
	case "%TAG":
		known = tagDirective
	}
	match := known.FindStringSubmatch(text)
	if match == nil {
		p.doc.fatal(Syntax, at, "%q is no directive that PyYAML reads, such as %%YAML 1.1: quote the text if it is none", clip(text))
		return
	}
	if name == "%TAG" {
		what = match[1]
		prefix, err := url.PathUnescape(match[2])
		if err != nil {
			prefix = match[2]
		}
		if p.tags == nil {
			p.tags = map[string]string{}
		}
		p.tags[what] = prefix
	}
	if (name == "%YAML" || name == "%TAG") && seen[name+what] {
		p.doc.fatal(Syntax, at, "directive %s is given twice: remove one", name)
	}
	seen[name+what] = true
}
