package yamldoc

import "strings"

// style is how PyYAML writes a text.
type style uint8

const (
	plainStyle style = iota
	singleStyle
	doubleStyle
)

// class groups characters by what they do at the end of a line.
type class uint8

const (
	others class = iota
	spaces
	lineBreaks
)

func kindOf(r rune) class {
	switch r {
	case ' ':
		return spaces
	case '\n', '\u0085', '\u2028', '\u2029':
		return lineBreaks
	}
	return others
}

// styleOf chooses as PyYAML's emitter does outside flow collections: plain if that reads back as the same text, else single
// quotes, and double ones for what those cannot hold.
func styleOf(s []rune) style {
	plain := len(s) > 0 && resolve(string(s)) == tagStr && !strings.HasPrefix(string(s), "---") && !strings.HasPrefix(string(s), "...")
	for i, r := range s {
		if r != '\n' && (r < ' ' || r > '~') {
			return doubleStyle
		}
		before, last := others, i == len(s)-1
		if i > 0 {
			before = kindOf(s[i-1])
		}
		kind := kindOf(r)
		if kind == spaces && before == lineBreaks || kind == lineBreaks && before == spaces {
			return doubleStyle
		}
		if kind == lineBreaks || kind == spaces && (i == 0 || last) || indicator(r, i == 0, before != others, last || kindOf(s[i+1]) != others) {
			plain = false
		}
	}
	if plain {
		return plainStyle
	}
	return singleStyle
}

// indicator reports whether a character would begin something else than text, where it stands.
func indicator(r rune, first, spaceBefore, spaceAfter bool) bool {
	if first && (strings.ContainsRune("#,[]{}&*!|>'\"%@`", r) || (r == '?' || r == '-') && spaceAfter) {
		return true
	}
	return r == ':' && spaceAfter || r == '#' && spaceBefore
}
