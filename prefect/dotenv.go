package prefect

import (
	"fmt"
	"strings"
)

// parseDotenv reads a .env file as python-dotenv does: "export", quotes, escapes, comments, ${NAME} and ${NAME:-default}. A
// statement it cannot read is left out and reported with its line, and reading goes on, as there.
// A later line wins; a name without "=" sets nothing. In ${NAME} the file's earlier lines win over the environment.
func parseDotenv(text string, env map[string]string) (values map[string]string, problems []string) {
	p := dotenvParser{text: strings.TrimPrefix(text, "\ufeff")}
	values = map[string]string{}
	for {
		p.space(true)
		if p.at >= len(p.text) {
			return values, problems
		}
		start := p.at
		name, v, set, ok := p.statement()
		if !ok {
			line := 1 + strings.Count(p.text[:start], "\n")
			problems = append(problems, fmt.Sprintf("line %d is not NAME=value and is ignored", line))
			p.at = start
			p.restOfLine()
			continue
		}
		if set {
			values[name] = interpolate(v, values, env)
		}
	}
}

type dotenvParser struct {
	text string
	at   int
}

// statement reads one binding, comment or empty line, up to and including its end of line.
func (p *dotenvParser) statement() (name, v string, set, ok bool) {
	if p.peek() == '#' {
		p.restOfLine()
		return "", "", false, true
	}
	if rest := p.text[p.at:]; strings.HasPrefix(rest, "export") && len(rest) > 6 && blank(rest[6]) {
		p.at += 6
		p.space(false)
	}
	if name, ok = p.name(); !ok {
		return "", "", false, false
	}
	p.space(false)
	if p.peek() == '=' {
		p.at++
		p.space(false)
		set = true
		if v, ok = p.value(); !ok {
			return "", "", false, false
		}
	}
	p.space(false)
	if p.peek() == '#' {
		p.toLineEnd()
	}
	if p.at < len(p.text) && !lineEnd(p.text[p.at]) {
		return "", "", false, false
	}
	p.restOfLine()
	return name, v, set, true
}

func (p *dotenvParser) name() (string, bool) {
	if p.peek() == '\'' {
		end := strings.IndexByte(p.text[p.at+1:], '\'')
		if end <= 0 {
			return "", false
		}
		name := p.text[p.at+1 : p.at+1+end]
		p.at += end + 2
		return name, true
	}
	start := p.at
	for p.at < len(p.text) && !blank(p.text[p.at]) && !lineEnd(p.text[p.at]) && p.text[p.at] != '=' && p.text[p.at] != '#' {
		p.at++
	}
	return p.text[start:p.at], p.at > start
}

func (p *dotenvParser) value() (string, bool) {
	switch p.peek() {
	case '\'':
		return p.quoted('\'', `\'`)
	case '"':
		return p.quoted('"', `\'"abfnrtv`)
	}
	start := p.at
	p.toLineEnd()
	v := p.text[start:p.at]
	for i := 0; i < len(v); i++ { // a comment begins at white space followed by "#"
		if v[i] == '#' && i > 0 && blank(v[i-1]) {
			v = v[:i]
			break
		}
	}
	return strings.TrimRight(v, " \t\v\f"), true
}

// quoted reads a quoted value, which may span lines; only the given characters can be escaped.
func (p *dotenvParser) quoted(quote byte, escapable string) (string, bool) {
	var out strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == quote:
			p.at = i + 1
			return out.String(), true
		case c == '\\' && i+1 < len(p.text) && strings.IndexByte(escapable, p.text[i+1]) >= 0:
			i++
			out.WriteByte(unescaped(p.text[i]))
		default:
			out.WriteByte(c)
		}
	}
	return "", false
}

func unescaped(c byte) byte {
	if i := strings.IndexByte("abfnrtv", c); i >= 0 {
		return "\a\b\f\n\r\t\v"[i]
	}
	return c
}

func (p *dotenvParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *dotenvParser) space(lines bool) {
	for p.at < len(p.text) && (blank(p.text[p.at]) || lines && lineEnd(p.text[p.at])) {
		p.at++
	}
}

func (p *dotenvParser) toLineEnd() {
	for p.at < len(p.text) && !lineEnd(p.text[p.at]) {
		p.at++
	}
}

func (p *dotenvParser) restOfLine() {
	p.toLineEnd()
	if p.at < len(p.text) {
		p.at++
	}
}

func blank(c byte) bool   { return c == ' ' || c == '\t' || c == '\v' || c == '\f' }
func lineEnd(c byte) bool { return c == '\n' || c == '\r' }

// interpolate replaces ${NAME} and ${NAME:-default}; an unknown name is the default, else nothing. The replacement is not read again.
func interpolate(v string, values, env map[string]string) string {
	if !strings.Contains(v, "${") {
		return v
	}
	var out strings.Builder
	for {
		start := strings.Index(v, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(v[start:], '}')
		if end < 0 {
			break
		}
		name, fallback, _ := strings.Cut(v[start+2:start+end], ":-")
		out.WriteString(v[:start])
		if known, ok := values[name]; ok {
			out.WriteString(known)
		} else if known, ok := env[name]; ok {
			out.WriteString(known)
		} else {
			out.WriteString(fallback)
		}
		v = v[start+end+1:]
	}
	out.WriteString(v)
	return out.String()
}
