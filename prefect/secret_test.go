package prefect

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestRedactHidesASecretInEveryFormItTravelsIn(t *testing.T) {
	var s Secrets
	secret := `p@ss "w<o>rd/é`
	s.Add(secret)
	quoted, _ := json.Marshal(secret)
	for _, text := range []string{
		secret, "x" + secret + "y", string(quoted), url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), fmt.Sprintf("%s%s", secret, secret),
	} {
		if got := s.Redact("before " + text + " after"); !strings.Contains(got, hidden) || strings.Contains(got, "w<o>rd") || strings.Contains(got, text) {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRedactLeavesTextReadable(t *testing.T) {
	var s Secrets
	s.Add("on")
	s.Add("")
	s.Add("  ")
	s.Add("longer-secret-inside")
	s.Add("secret")
	for text, want := range map[string]string{
		"connection on port 4200":  "connection *** port 4200",
		"on":                       "***",
		"only, upon":               "only, upon",
		"a longer-secret-inside b": "a *** b",
		"":                         "",
	} {
		if got := s.Redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestALineOfAPrivateKeyIsHidden(t *testing.T) {
	var s Secrets
	s.Add("-----BEGIN KEY-----\nMIIcanary123\n-----END KEY-----\n")
	if got := s.Redact("parse error near MIIcanary123 here"); strings.Contains(got, "canary") {
		t.Errorf("got %q", got)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("secret", "a secret here")
	f.Add("on", "on\xffon")
	f.Add("**", "****")
	f.Add("é", "éé é")
	f.Fuzz(func(t *testing.T, secret, text string) {
		var s Secrets
		s.Add(secret)
		got := s.Redact(text)
		if trimmed := strings.TrimSpace(secret); len(trimmed) >= minInfix && !strings.Contains(hidden+hidden, trimmed) && !strings.ContainsRune(trimmed, '*') && strings.Contains(got, trimmed) {
			t.Fatalf("%q is in %q", trimmed, got)
		}
		withoutPassword(text)
	})
}

func TestShownAddressesHaveNoPassword(t *testing.T) {
	for raw, want := range map[string]string{
		"http://u:canary@h:1/api":         "http://h:1/api",
		"http://h/api":                    "http://h/api",
		"http://u:can/ary@h/api":          "",
		"http://u:canary@h:port/api":      "http://h:port/api",
		"u:canary@h/api":                  "",
		"http://h/api?token=canary":       "http://h/api",
		"http://u:ca%zznary@h/api?canary": "http://h/api",
	} {
		got := withoutPassword(raw)
		if want != "" && got != want || strings.Contains(got, "canary") {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
	}
}
