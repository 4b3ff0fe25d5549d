package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var envNotExpanded = &Rule{
	Name:     "env-not-expanded",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "$NAME in a script without expand_env_vars, which stays as it is",
	Run: func(p *Pass) {
		scripts(p, func(s *script) {
			if expands, known := s.truth("expand_env_vars"); expands || !known || s.shell || s.needsShell(p) {
				return
			}
			for _, l := range s.lines {
				if l.runsShell() {
					continue
				}
				for _, w := range l.words {
					at, length := variableIn(withoutPlaceholders(w.text))
					if length == 0 {
						continue
					}
					name := w.text[at : at+length]
					f := reportStep(p, s.StepUse, s.span(p, w.at+at, length), "%q goes to %s as text: add \"expand_env_vars: true\"", name, l.first()).At(s.Path + ".script")
					if edit, ok := s.addArgument(p, "expand_env_vars: true"); ok && !holds(s.Body, "expand_env_vars") {
						f.UnsafeFix(`add "expand_env_vars: true"`, edit)
					}
					return
				}
			}
		})
	},
}

// needsShell holds for a script of Prefect 3 that shell-operator-without-shell speaks of: a shell expands variables too.
func (s *script) needsShell(p *Pass) bool {
	if p.Generation() != schema.Prefect3 {
		return false
	}
	for i := range s.lines {
		if _, _, msg := s.lines[i].operator(); msg != "" {
			return true
		}
	}
	return false
}

// withoutPlaceholders is a text with blanks in place of its placeholders.
func withoutPlaceholders(text string) string {
	found := template.Find(text)
	if len(found) == 0 {
		return text
	}
	out := []byte(text)
	for _, ph := range found {
		for i := ph.Start; i < ph.End; i++ {
			out[i] = ' '
		}
	}
	return string(out)
}

// variableIn finds $NAME or ${NAME} outside single quotes; length is 0 when there is none.
func variableIn(word string) (at, length int) {
	for i := 0; i < len(word); i++ {
		switch word[i] {
		case '\'':
			end := closing(word, i)
			if end < 0 {
				return 0, 0
			}
			i = end
		case '\\':
			i++
		case '$':
			if n := variableLength(word[i:]); n > 0 {
				return i, n
			}
			if strings.HasPrefix(word[i:], "$$") {
				i++
			}
		}
	}
	return 0, 0
}

// variableLength is the length of $NAME or ${NAME} at the start of text.
func variableLength(text string) int {
	rest, extra := text[1:], 1
	if strings.HasPrefix(rest, "{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 || !isShellName(rest[1:end]) {
			return 0
		}
		return 1 + end + 1
	}
	n := 0
	for n < len(rest) && isShellName(rest[:n+1]) {
		n++
	}
	if n == 0 {
		return 0
	}
	return n + extra
}
