package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression. Its methods are those of regexp.Regexp.
type Pattern struct{ compile func() *regexp.Regexp }

// New makes a pattern; a malformed one panics when it is first used, so each needs a test.
func New(expr string) Pattern {
	return Pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

// Regexp is the compiled expression.
func (p Pattern) Regexp() *regexp.Regexp { return p.compile() }

// MatchString reports whether s contains a match.
func (p Pattern) MatchString(s string) bool { return p.compile().MatchString(s) }

// FindString is the leftmost match in s.
func (p Pattern) FindString(s string) string { return p.compile().FindString(s) }

// FindAllString lists matches in s, at most n if n is not negative.
func (p Pattern) FindAllString(s string, n int) []string { return p.compile().FindAllString(s, n) }

// FindStringIndex is the place of the leftmost match in s.
func (p Pattern) FindStringIndex(s string) []int { return p.compile().FindStringIndex(s) }

// FindAllStringIndex lists the places of matches in s.
func (p Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.compile().FindAllStringIndex(s, n)
}

// FindStringSubmatch is the leftmost match in s with its groups.
func (p Pattern) FindStringSubmatch(s string) []string { return p.compile().FindStringSubmatch(s) }

// FindStringSubmatchIndex is the place of the leftmost match in s and of its groups.
func (p Pattern) FindStringSubmatchIndex(s string) []int {
	return p.compile().FindStringSubmatchIndex(s)
}

// FindAllStringSubmatchIndex lists the places of matches in s and of their groups.
func (p Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.compile().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString replaces every match in s.
func (p Pattern) ReplaceAllString(s, with string) string {
	return p.compile().ReplaceAllString(s, with)
}

// FindIndex is the place of the leftmost match in b.
func (p Pattern) FindIndex(b []byte) []int { return p.compile().FindIndex(b) }

// ReplaceAllLiteralString replaces every match in s by text that is taken as it is.
func (p Pattern) ReplaceAllLiteralString(s, with string) string {
	return p.compile().ReplaceAllLiteralString(s, with)
}
