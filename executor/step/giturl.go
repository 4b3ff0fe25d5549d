package step

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// pyURL is the result of Python's urllib.parse.urlparse.
type pyURL struct {
	scheme, netloc, path, params, query, fragment string
}

// usesParams and usesNetloc are urllib.parse's lists, for the schemes a repository may have.
var (
	usesParams = map[string]bool{"": true, "ftp": true, "http": true, "https": true, "sftp": true}
	usesNetloc = map[string]bool{"": true, "ftp": true, "http": true, "https": true, "file": true, "sftp": true,
		"git": true, "git+ssh": true}
)

// parseURL is Python's urlparse: never an error except for broken brackets.
func parseURL(s string) (pyURL, error) {
	var u pyURL
	s = strings.TrimLeft(s, " \x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"+
		"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f")
	s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	if i := strings.IndexByte(s, ':'); i > 0 && isLetter(s[0]) && isScheme(s[:i]) {
		u.scheme, s = strings.ToLower(s[:i]), s[i+1:]
	}
	if strings.HasPrefix(s, "//") {
		s = s[2:]
		end := strings.IndexAny(s, "/?#")
		if end < 0 {
			end = len(s)
		}
		u.netloc, s = s[:end], s[end:]
		if strings.Contains(u.netloc, "[") != strings.Contains(u.netloc, "]") {
			return u, pyError("ValueError", "Invalid IPv6 URL", "")
		}
	}
	s, u.fragment, _ = strings.Cut(s, "#")
	s, u.query, _ = strings.Cut(s, "?")
	u.path = s
	if usesParams[u.scheme] {
		last := strings.LastIndexByte(s, '/') + 1
		if i := strings.IndexByte(s[last:], ';'); i >= 0 {
			u.path, u.params = s[:last+i], s[last+i+1:]
		}
	}
	return u, nil
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isLetter(c) && (c < '0' || c > '9') && !strings.ContainsRune("+-.", rune(c)) {
			return false
		}
	}
	return true
}

// String is Python's urlunparse.
func (u pyURL) String() string {
	s := u.path
	if u.params != "" {
		s += ";" + u.params
	}
	if u.netloc != "" || u.scheme != "" && usesNetloc[u.scheme] && !strings.HasPrefix(s, "//") {
		if s != "" && s[0] != '/' {
			s = "/" + s
		}
		s = "//" + u.netloc + s
	}
	if u.scheme != "" {
		s = u.scheme + ":" + s
	}
	if u.query != "" {
		s += "?" + u.query
	}
	if u.fragment != "" {
		s += "#" + u.fragment
	}
	return s
}

// hostname is the lower-cased host without user and port.
func (u pyURL) hostname() string {
	host := u.netloc[strings.LastIndexByte(u.netloc, '@')+1:]
	if rest, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(rest, "]")
	} else {
		host, _, _ = strings.Cut(host, ":")
	}
	name, zone, scoped := strings.Cut(host, "%")
	if scoped {
		return strings.ToLower(name) + "%" + zone
	}
	return strings.ToLower(host)
}

// port is the port, "" when there is none or it is 0; ok is false where Python raises.
func (u pyURL) port() (port string, ok bool) {
	host := u.netloc[strings.LastIndexByte(u.netloc, '@')+1:]
	if i := strings.IndexByte(host, ']'); i >= 0 {
		host = host[i+1:]
	}
	_, text, found := strings.Cut(host, ":")
	if !found || text == "" {
		return "", true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", false
	}
	if n == 0 {
		return "", true
	}
	return strconv.FormatUint(n, 10), true
}

// user and password of the network location, still encoded.
func (u pyURL) userinfo() (user, password string) {
	i := strings.LastIndexByte(u.netloc, '@')
	if i < 0 {
		return "", ""
	}
	user, password, _ = strings.Cut(u.netloc[:i], ":")
	return user, password
}

// stripAuth is Prefect's comparison form of a repository URL: no user, no password, host in lower case.
func stripAuth(s string) string {
	u, err := parseURL(s)
	if err != nil || u.hostname() == "" {
		return s
	}
	port, ok := u.port()
	if !ok {
		return urlAuth.ReplaceAllString(s, "${1}")
	}
	u.netloc = u.hostname()
	if port != "" {
		u.netloc += ":" + port
	}
	return u.String()
}

// quote is Python's quote(s, safe="").
func quote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("_.-~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func unquote(s string) string {
	if text, err := url.PathUnescape(s); err == nil {
		return text
	}
	return s
}

// gitLogin is the user information Prefect puts into an https URL for the given credentials.
func gitLogin(v3 bool, netloc string, credentials *value.Map) (string, error) {
	get := func(name string) value.Value {
		v, _ := credentials.Get(name)
		return v
	}
	var token value.Value
	for _, name := range []string{"access_token", "token", "password"} {
		if token = get(name); value.Truthy(token) {
			break
		}
	}
	if !value.Truthy(token) {
		return "", pyError("ValueError", "Please provide a `token` or `password` in your Credentials block to clone a repo.", "")
	}
	encode := quote
	if !v3 {
		encode = func(s string) string { return s }
	}
	text, ok := token.(string)
	user := get("username")
	if !ok {
		if v3 {
			return "", pyError("TypeError", "quote_from_bytes() expected bytes", "a token must be text")
		}
		text = value.Str(token)
	}
	if value.Truthy(user) {
		return encode(value.Str(user)) + ":" + encode(text), nil
	}
	return hostLogin(v3, netloc, text, encode)
}

// hostLogin is the form each git host expects of a token without a user name.
func hostLogin(v3 bool, netloc, token string, encode func(string) string) (string, error) {
	user, rest, hasUser := strings.Cut(token, ":")
	switch {
	case strings.Contains(netloc, "bitbucketserver"):
		if !hasUser {
			return "", pyError("ValueError", "Please provide a `username` and a `password` or `token` in your"+
				" BitBucketCredentials block to clone a repo from BitBucket Server.", "")
		}
		return encode(user) + ":" + encode(rest), nil
	case strings.Contains(netloc, "bitbucket"):
		if hasUser {
			return encode(user) + ":" + encode(rest), nil
		}
		return "x-token-auth:" + encode(token), nil
	case strings.Contains(netloc, "gitlab"):
		if hasUser && (v3 || user == "oauth2") {
			return encode(user) + ":" + encode(rest), nil
		}
		return "oauth2:" + encode(token), nil
	}
	return encode(token), nil
}
