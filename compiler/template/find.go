package template

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says who gives a placeholder its value.
type Kind uint8

// Kinds of placeholders.
const (
	Standard Kind = iota // a step output, or a run-time name such as ctx.…
	Block                // prefect.blocks.TYPE.NAME[.PATH]
	Variable             // prefect.variables.NAME
	Env                  // $NAME
)

// Prefixes of placeholder names.
const (
	BlockPrefix    = "prefect.blocks."
	VariablePrefix = "prefect.variables."
	EnvPrefix      = "$"
)

// Placeholder is one {{ name }} in a string. Offsets are bytes in that string.
type Placeholder struct {
	Start, End int // with the braces
	NameStart  int
	Name       string
	Kind       Kind
}

// NameEnd is the offset behind the name.
func (p Placeholder) NameEnd() int { return p.NameStart + len(p.Name) }

// EnvName is the environment variable of an Env placeholder.
func (p Placeholder) EnvName() string { return strings.TrimLeft(p.Name, EnvPrefix) }

// VariableName is the variable of a Variable placeholder; dots belong to the name.
func (p Placeholder) VariableName() string { return strings.ReplaceAll(p.Name, VariablePrefix, "") }

// BlockParts splits a Block placeholder into block type, document name and key path; missing parts are empty.
func (p Placeholder) BlockParts() (slug, name, path string, ok bool) {
	parts := strings.SplitN(strings.ReplaceAll(p.Name, BlockPrefix, ""), ".", 3)
	if len(parts) > 2 {
		path = parts[2]
	}
	if len(parts) > 1 {
		return parts[0], parts[1], path, true
	}
	return parts[0], "", "", false
}

// KindOf tells the kind a name has.
func KindOf(name string) Kind {
	switch {
	case strings.HasPrefix(name, BlockPrefix):
		return Block
	case strings.HasPrefix(name, VariablePrefix):
		return Variable
	case strings.HasPrefix(name, EnvPrefix):
		return Env
	}
	return Standard
}

// Find lists the placeholders of s from left to right.
func Find(s string) []Placeholder {
	var found []Placeholder
	for at := 0; ; {
		i := strings.Index(s[at:], "{{")
		if i < 0 {
			return found
		}
		if p, ok := match(s, at+i); ok {
			found = append(found, p)
			at = p.End
		} else {
			at += i + 1 // "{{{ x }}" holds a placeholder one brace further on
		}
	}
}

// Has reports whether s holds any placeholder.
func Has(s string) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], "{{")
		if i < 0 {
			return false
		}
		if _, ok := match(s, at+i); ok {
			return true
		}
		at += i + 1
	}
}

// Whole gives the placeholder when s is exactly one, without any text around it.
func Whole(s string) (Placeholder, bool) {
	if !strings.HasPrefix(s, "{{") {
		return Placeholder{}, false
	}
	p, ok := match(s, 0)
	return p, ok && p.End == len(s)
}

// match reads the placeholder that starts at the two braces at start.
func match(s string, start int) (Placeholder, bool) {
	at := skipSpace(s, start+2)
	nameStart := at
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !isNameRune(r) {
			break
		}
		at += size
	}
	name := s[nameStart:at]
	at = skipSpace(s, at)
	if name == "" || !strings.HasPrefix(s[at:], "}}") {
		return Placeholder{}, false
	}
	return Placeholder{Start: start, End: at + 2, NameStart: nameStart, Name: name, Kind: KindOf(name)}, true
}

func skipSpace(s string, at int) int {
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !isSpace(r) {
			break
		}
		at += size
	}
	return at
}

// isSpace is Python's \s for text: Unicode white space and the four separator controls.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// isNameRune is Prefect's [\w.\-\[\]$]; \w for text is any letter or number of Unicode and the underscore.
func isNameRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			r == '_' || r == '.' || r == '-' || r == '[' || r == ']' || r == '$'
	case r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}
