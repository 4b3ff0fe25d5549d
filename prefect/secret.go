package prefect

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// hidden stands where a secret was.
const hidden = "***"

// minInfix is the length in bytes from which a secret is hidden even inside a longer word. A shorter one is hidden only
// where it stands alone, else the secret "on" would make every message unreadable.
const minInfix = 4

// Secret is a text that fmt, log and encoding/json do not print.
type Secret string

// String is a mask; Reveal is the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString masks %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalText masks encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Secrets remembers texts that must not be printed and takes them out of other texts. The zero value is ready to use; it is safe
// for concurrent use.
type Secrets struct {
	mu    sync.RWMutex
	known map[string]bool
	order []string // longest first, so that a secret containing another is hidden whole
}

// Add registers a secret and the forms in which it travels: in JSON, in URLs, in base64. Surrounding white space does not belong to it;
// each line of a text of several lines (a private key) is a secret of its own.
func (s *Secrets) Add(secret string) {
	secret = strings.TrimSpace(secret)
	if secret == "" {
		return
	}
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), escapedJSON(secret, true), escapedJSON(secret, false)}
	if len(secret) >= minInfix {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	for _, line := range strings.Split(secret, "\n") {
		if line = strings.TrimSpace(line); len(line) >= 2*minInfix {
			forms = append(forms, line)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	grew := false
	for _, form := range forms {
		if form != "" && !s.known[form] {
			s.known[form], grew = true, true
			s.order = append(s.order, form)
		}
	}
	if grew {
		sort.SliceStable(s.order, func(i, j int) bool { return len(s.order[i]) > len(s.order[j]) })
	}
}

// Redact replaces every known secret in text by "***".
func (s *Secrets) Redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, secret := range s.order {
		if !strings.Contains(text, secret) {
			continue
		}
		if len(secret) >= minInfix {
			text = strings.ReplaceAll(text, secret, hidden)
		} else {
			text = replaceAlone(text, secret)
		}
	}
	return text
}

// replaceAlone hides the occurrences of secret that no letter or digit touches.
func replaceAlone(text, secret string) string {
	var out strings.Builder
	for at := 0; ; {
		i := strings.Index(text[at:], secret)
		if i < 0 {
			out.WriteString(text[at:])
			return out.String()
		}
		start, end := at+i, at+i+len(secret)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		out.WriteString(text[at:start])
		if wordRune(before) || wordRune(after) {
			out.WriteString(secret)
		} else {
			out.WriteString(hidden)
		}
		at = end
	}
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}

// escapedJSON is the inside of the JSON string of a text.
func escapedJSON(text string, html bool) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(html)
	if enc.Encode(text) != nil {
		return ""
	}
	quoted := strings.TrimSpace(b.String())
	return strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`)
}

// withoutPassword is a URL as it may be shown: user and password taken out, and with them a query, which may hold a token.
// What is no web address is cut after the last "@" before the path, so that a malformed URL does not leak either.
func withoutPassword(raw string) string {
	u, err := url.Parse(raw)
	if err == nil && u.Host != "" {
		if u.User == nil && u.RawQuery == "" {
			return raw
		}
		u.User, u.RawQuery, u.ForceQuery = nil, "", false
		return u.String()
	}
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		scheme, rest = "", raw
	} else {
		scheme += "://"
	}
	rest, _, _ = strings.Cut(rest, "?")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	return scheme + rest
}
