package rules

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// rewritten is the edit that gives a scalar another text, in its own quotes where they do; false for block scalars.
func rewritten(n *yamldoc.Node, text string) (diag.Edit, bool) {
	switch {
	case n.Style == yamldoc.Literal || n.Style == yamldoc.Folded || n.Span.Len() == 0:
		return diag.Edit{}, false
	case n.Style == yamldoc.Plain && plainSafe(text):
		return Replace(n.Span, text), true
	case n.Style == yamldoc.SingleQuoted && printable(text):
		return Replace(n.Span, "'"+strings.ReplaceAll(text, "'", "''")+"'"), true
	}
	quoted, err := json.Marshal(text) // every JSON text is a double-quoted scalar
	return Replace(n.Span, string(quoted)), err == nil
}

// plainSafe reports whether a text can stand without quotes anywhere, and be read as text: it keeps to letters and to signs
// that mean nothing to YAML.
func plainSafe(text string) bool {
	letter := false
	for i, c := range text {
		switch {
		case unicode.IsLetter(c):
			letter = true
		case unicode.IsDigit(c):
		case i > 0 && strings.ContainsRune("_./-+", c):
		case c == '.' || c == '/' || c == '_':
		case c == ':' && i > 0 && i < len(text)-1:
		default:
			return false
		}
	}
	return letter && !yamlWords[strings.ToLower(text)]
}

// yamlWords are read as something else than text.
var yamlWords = map[string]bool{"null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, ".inf": true, ".nan": true}

// printable reports whether a text can stand on one line in quotes as it is.
func printable(text string) bool {
	for _, c := range text {
		if c != '\t' && !unicode.IsPrint(c) {
			return false
		}
	}
	return true
}

// suggest offers to write another text for a scalar.
func (f *Finding) suggest(title string, n *yamldoc.Node, text string) *Finding {
	if edit, ok := rewritten(n, text); ok {
		f.UnsafeFix(title, edit)
	}
	return f
}

// textOf is the text that a node stands for, through aliases.
func textOf(n *yamldoc.Node) (string, bool) {
	if n = n.Deref(); n == nil || n.Kind != yamldoc.String {
		return "", false
	}
	return n.Text, true
}

// number is the number that a node stands for.
func number(n *yamldoc.Node) (float64, bool) {
	if n == nil || n.Kind != yamldoc.Int && n.Kind != yamldoc.Float {
		return 0, false
	}
	f, err := strconv.ParseFloat(value.Str(n.Scalar), 64)
	return f, err == nil
}

// sameQuotes writes a simple word the way a scalar was written.
func sameQuotes(n *yamldoc.Node, text string) string {
	switch n.Style {
	case yamldoc.SingleQuoted:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case yamldoc.DoubleQuoted:
		return `"` + text + `"`
	}
	return text
}
