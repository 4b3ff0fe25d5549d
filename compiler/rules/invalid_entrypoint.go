package rules

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var invalidEntrypoint = &Rule{
	Name:     "invalid-entrypoint",
	Severity: diag.Error,
	Fixes:    SafeFix | UnsafeFix,
	Summary:  "an entrypoint that is neither file.py:function nor module:function",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if text, n, ok := entrypointText(d); ok {
				checkEntrypoint(p, d, text, n)
			}
		}
	},
}

func checkEntrypoint(p *Pass, d *model.Deployment, text string, n *yamldoc.Node) {
	report := func(format string, args ...any) *Finding {
		return p.Report(n.Span, format, args...).At(d.Path + ".entrypoint").In(d)
	}
	form, ok := entrypoint.Parse(text)
	switch {
	case !ok:
		report("entrypoint %q has neither a file nor a function: write path/to/file.py:function", text)
	case strings.Contains(text, `\`):
		slashes := strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c == '\\' }), "/")
		f := report(`entrypoint "%s" has backslashes, which are no separators where workers run: write %q`, text, slashes).Deploys()
		if edit, ok := rewritten(n, slashes); ok {
			f.Fix("write slashes", edit)
		}
	case strings.Contains(text, "::"):
		whole := strings.ReplaceAll(text, "::", ":")
		f := report("entrypoint %q has two colons, of which the first becomes part of the file's name: write %q", text, whole)
		if edit, ok := rewritten(n, whole); ok {
			f.Fix(fmt.Sprintf("use %q", whole), edit)
		}
	case strings.HasSuffix(text, ".py") || strings.HasSuffix(text, ".py:"):
		file := strings.TrimSuffix(text, ":")
		names := flowsIn(p, file)
		f := report("entrypoint %q names no function: write %s:%s", text, file, orFunction(names))
		if len(names) == 1 {
			whole := file + ":" + names[0]
			f.suggest(fmt.Sprintf("use %q", whole), n, whole)
		}
	case form.Function == "":
		report("entrypoint %q names no function behind the last %q", text, text[form.Split:form.Split+1])
	case form.Module != "" && strings.Contains(form.Module, "/") && strings.Contains(text, ":"):
		whole := form.Module + ".py:" + form.Function
		f := report("entrypoint %q is taken for a module, since the file's name does not end in .py: write %q", text, whole)
		if edit, ok := rewritten(n, whole); ok {
			f.Fix(fmt.Sprintf("use %q", whole), edit)
		}
	case form.Module != "" && strings.Contains(text, "/"):
		report("entrypoint %q has no colon before the function: write path/to/file.py:function", text)
	case strings.ContainsAny(form.Module, " \t"):
		report("entrypoint %q is neither path/to/file.py:function nor package.module:function", text)
	case !isPath(form.Function):
		f := report("%q is no name of a Python function", form.Function)
		f.Span = part(p, n, form.Split+1, len(text))
		if under := strings.ReplaceAll(form.Function, "-", "_"); isPath(under) {
			f.Message += fmt.Sprintf(", did you mean %q", under)
			if f.Span != n.Span {
				f.UnsafeFix(fmt.Sprintf("use %q", under), Replace(f.Span, under))
			}
		}
	}
}

// flowsIn lists the flows of a file; nil if it cannot be read.
func flowsIn(p *Pass, file string) []string {
	code := p.Flows.Load(file + ":_").Code
	if code == nil {
		return nil
	}
	var names []string
	for _, name := range code.Names() {
		if p.Flows.Load(file+":"+name).Status == entrypoint.Found {
			names = append(names, name)
		}
	}
	return names
}

func orFunction(names []string) string {
	switch len(names) {
	case 0:
		return "function"
	case 1:
		return names[0]
	}
	return "FUNCTION, one of " + list(names)
}

// isPath reports whether a text is one or more Python names with dots between.
func isPath(text string) bool {
	for _, name := range strings.Split(text, ".") {
		if name == "" {
			return false
		}
		for i, c := range name {
			if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c) && !unicode.Is(unicode.Mc, c)) {
				return false
			}
		}
	}
	return true
}
