package pyflow

import (
	"strings"
	"unicode"
)

// paramDocs reads the descriptions in the last "Args" section of a cleaned docstring, as Prefect does through
// griffe's Google parser. Nil if there is none.
func paramDocs(doc string) map[string]string {
	if doc == "" {
		return nil
	}
	// Prefect cleans the docstring and griffe cleans it again, which can move the indentation of a text
	// whose first line was blank.
	lines := strings.Split(cleandoc(strings.TrimRightFunc(doc, isPySpace)), "\n")
	var found map[string]string
	inCode := false
	for at := 0; at < len(lines); at++ {
		if strings.HasPrefix(strings.TrimLeft(lines[at], " "), "```") {
			inCode = !inCode
			continue
		}
		title, ok := sectionTitle(lines[at])
		if inCode || !ok || !opensSection(lines, at) {
			continue
		}
		switch kind := sectionKind(title); kind {
		case "parameters":
			items, last := blockItems(lines, at+1)
			if docs := itemDocs(items); docs != nil {
				found = docs
			}
			at = last
		case "items":
			_, at = blockItems(lines, at+1)
		default:
			at = skipBlock(lines, at+1)
		}
	}
	return found
}

func isBlank(line string) bool { return strings.TrimFunc(line, isPySpace) == "" }

// sectionTitle is the word or words before the colon of a line that may open a section.
func sectionTitle(line string) (string, bool) {
	title, rest, found := strings.Cut(line, ":")
	if !found || title == "" {
		return "", false
	}
	for i, r := range title {
		word := r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
		if !word && (i == 0 || r != '-' && !isPySpace(r)) {
			return "", false
		}
	}
	if rest != "" && !isPySpace(firstRune(rest)) {
		return "", false
	}
	return title, true
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// opensSection tells whether a title has a blank line above and indented text right below.
func opensSection(lines []string, at int) bool {
	above := at == 0 || isBlank(lines[at-1])
	blankBelow := at+1 < len(lines) && isBlank(lines[at+1])
	indented := at+1 < len(lines) && !blankBelow && strings.HasPrefix(lines[at+1], " ")
	laterIndented := at+2 < len(lines) && !isBlank(lines[at+2]) && strings.HasPrefix(lines[at+2], " ")
	if !indented && !laterIndented {
		return false
	}
	return above && !(laterIndented && blankBelow)
}

func sectionKind(title string) string {
	switch strings.ToLower(title) {
	case "args", "arguments", "params", "parameters":
		return "parameters"
	case "keyword args", "keyword arguments", "other args", "other arguments", "other params", "other parameters",
		"type args", "type arguments", "type params", "type parameters", "raises", "exceptions", "returns", "yields",
		"receives", "attributes", "functions", "methods", "classes", "type aliases", "modules", "warns", "warnings":
		return "items"
	}
	return "text" // examples and admonitions
}

func indentOf(line string) int {
	return len([]rune(line)) - len([]rune(strings.TrimLeftFunc(line, isPySpace)))
}

// blockItems reads the items of a section from line at on: each starts at the section's own indentation and goes on
// in deeper lines. last is the last line that belongs to it.
func blockItems(lines []string, at int) (items [][]string, last int) {
	for at < len(lines) && isBlank(lines[at]) {
		at++
	}
	if at >= len(lines) {
		return nil, at
	}
	indent := indentOf(lines[at])
	if indent == 0 {
		return nil, at - 1
	}
	item := []string{dropRunes(lines[at], indent)}
	for at++; at < len(lines); at++ {
		line := lines[at]
		switch {
		case isBlank(line):
			item = append(item, "")
		case strings.HasPrefix(line, strings.Repeat(" ", 2*indent)):
			item = append(item, line[2*indent:])
		case strings.HasPrefix(line, strings.Repeat(" ", indent+1)):
			item = append(item, strings.TrimLeftFunc(line, isPySpace))
		case strings.HasPrefix(line, strings.Repeat(" ", indent)):
			items = append(items, item)
			item = []string{line[indent:]}
		default:
			return append(items, item), at - 1
		}
	}
	return append(items, item), at - 1
}

// itemDocs splits items into names and descriptions. Nil if no item has a colon.
func itemDocs(items [][]string) map[string]string {
	var docs map[string]string
	for _, item := range items {
		name, text, found := strings.Cut(item[0], ":")
		if !found {
			continue
		}
		rest := append([]string{strings.TrimLeftFunc(text, isPySpace)}, item[1:]...)
		if open := strings.Index(name, "("); open >= 0 && strings.HasSuffix(name, ")") {
			name = strings.TrimFunc(name[:open], isPySpace)
		}
		if docs == nil {
			docs = map[string]string{}
		}
		docs[name] = strings.TrimRight(strings.Join(rest, "\n"), "\n")
	}
	return docs
}

// skipBlock is the last line of an indented block of text that starts at line at.
func skipBlock(lines []string, at int) int {
	start := at
	for at < len(lines) && isBlank(lines[at]) {
		at++
	}
	if at >= len(lines) {
		return at
	}
	indent := indentOf(lines[at])
	if indent == 0 {
		return start - 1
	}
	for at++; at < len(lines) && (strings.HasPrefix(lines[at], strings.Repeat(" ", indent)) || isBlank(lines[at])); at++ {
	}
	return at - 1
}
