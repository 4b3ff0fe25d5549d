package step

import (
	"net/url"
	"sort"
	"strings"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/value"
)

// mask hides the secrets of one call in text that leaves the package.
type mask struct {
	secrets []string // longest first
	redact  func(string) string
}

// Shorter secrets are not searched for: they would blank ordinary words.
const shortestSecret = 4

var (
	secretName = pattern.New(`(?i)(token|credential|password|passwd|secret|api_?key|access_?key|private_?key|connection_string)`)
	urlAuth    = pattern.New(`(?i)((?:https?|ftps?)://)[^/\s'"<>]*@`)
)

func newMask(inputs *value.Map, redact func(string) string) mask {
	found := map[string]bool{}
	collectSecrets(inputs, false, found)
	m := mask{redact: redact}
	for s := range found {
		m.secrets = append(m.secrets, s)
	}
	sort.Slice(m.secrets, func(i, j int) bool {
		if len(m.secrets[i]) != len(m.secrets[j]) {
			return len(m.secrets[i]) > len(m.secrets[j])
		}
		return m.secrets[i] < m.secrets[j]
	})
	return m
}

// collectSecrets gathers text below any key that is named like a secret. User names stay readable.
func collectSecrets(v value.Value, secret bool, found map[string]bool) {
	switch v := v.(type) {
	case *value.Map:
		if v == nil {
			return
		}
		for _, p := range v.Pairs {
			key := value.KeyText(p.Key)
			named := secretName.MatchString(key)
			collectSecrets(p.Value, named || secret && !strings.Contains(strings.ToLower(key), "user"), found)
		}
	case []value.Value:
		for _, e := range v {
			collectSecrets(e, secret, found)
		}
	case string:
		if !secret {
			return
		}
		for _, part := range append(strings.Split(v, "\n"), v) {
			if len(part) >= shortestSecret {
				found[part] = true
				found[url.QueryEscape(part)] = true
				found[quote(part)] = true
			}
		}
	case int64:
		if secret {
			collectSecrets(value.Str(v), true, found)
		}
	}
}

func (m mask) text(s string) string {
	for _, secret := range m.secrets {
		s = strings.ReplaceAll(s, secret, "***")
	}
	if strings.Contains(s, "://") {
		s = urlAuth.ReplaceAllString(s, "${1}***@")
	}
	if m.redact != nil {
		s = m.redact(s)
	}
	return s
}
