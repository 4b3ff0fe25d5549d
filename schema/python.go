package schema

import (
	"math"
	"strconv"
	"strings"
)

// What Python does to the values that the rules of step outputs are about.

// truthy is bool(v).
func truthy(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case bool:
		return x
	case int:
		return x != 0
	case int64:
		return x != 0
	case float64:
		return x != 0
	case string:
		return x != ""
	case []any:
		return len(x) > 0
	case map[string]any:
		return len(x) > 0
	}
	return true
}

// pythonText is str(v) of a scalar.
func pythonText(v any) (string, bool) {
	switch x := v.(type) {
	case nil:
		return "None", true
	case bool:
		if x {
			return "True", true
		}
		return "False", true
	case int:
		return strconv.Itoa(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	case float64:
		return pythonFloat(x), true
	case string:
		return x, true
	}
	return "", false
}

func pythonFloat(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	case math.IsNaN(x):
		return "nan"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// splitURL is urllib.parse.urlsplit without query and fragment. It fails where Python raises ValueError.
func splitURL(url string) (scheme, authority, path string, ok bool) {
	url = strings.TrimLeftFunc(url, func(r rune) bool { return r <= ' ' })
	url = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(url)
	if i := strings.IndexByte(url, ':'); i > 0 && isSchemeName(url[:i]) {
		scheme, url = strings.ToLower(url[:i]), url[i+1:]
	}
	if strings.HasPrefix(url, "//") {
		end := strings.IndexAny(url[2:], "/?#")
		if end < 0 {
			end = len(url) - 2
		}
		authority, url = url[2:2+end], url[2+end:]
		if strings.Contains(authority, "[") != strings.Contains(authority, "]") {
			return "", "", "", false
		}
	}
	url, _, _ = strings.Cut(url, "#")
	url, _, _ = strings.Cut(url, "?")
	return scheme, authority, url, true
}

func isSchemeName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}

// withParams are the schemes in whose last path segment urlparse cuts off what follows a semicolon.
var withParams = map[string]bool{
	"": true, "ftp": true, "hdl": true, "prospero": true, "http": true, "https": true, "shttp": true, "rtsp": true,
	"rtsps": true, "rtspu": true, "sip": true, "sips": true, "mms": true, "sftp": true, "tel": true,
}

// gitDirectory is the directory that git_clone clones into.
func gitDirectory(g Generation, args map[string]any) Value {
	repository, ok := args["repository"].(string)
	if !ok {
		return unknown("the repository is not text")
	}
	scheme, _, path, ok := splitURL(repository)
	if !ok {
		return unknown("the repository is not a URL")
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	if withParams[scheme] {
		name, _, _ = strings.Cut(name, ";")
	}
	name = strings.ReplaceAll(name, ".git", "")
	if b := args["branch"]; truthy(b) {
		branch, ok := b.(string)
		if !ok {
			return unknown("the branch is not text")
		}
		if g != Prefect2 {
			branch = strings.ReplaceAll(branch, "/", "-")
		}
		name += "-" + branch
	}
	if d := args["clone_directory_name"]; truthy(d) {
		if name, ok = d.(string); !ok {
			return unknown("the name of the directory is not text")
		}
	}
	return known(relativePath(name))
}

// remoteDirectory is the directory that pull_from_remote_storage copies into.
func remoteDirectory(args map[string]any) Value {
	url, ok := args["url"].(string)
	if !ok {
		return unknown("the url is not text")
	}
	_, authority, path, ok := splitURL(url)
	if !ok {
		return unknown("the url cannot be read")
	}
	path = strings.TrimLeft(path, "/")
	if authority != "" && path != "" {
		authority += "/"
	}
	return known(relativePath(authority + path))
}

// relativePath is str(PurePosixPath(p)).
func relativePath(p string) string {
	var parts []string
	for s := range strings.SplitSeq(p, "/") {
		if s != "" && s != "." {
			parts = append(parts, s)
		}
	}
	out := strings.Join(parts, "/")
	switch {
	case strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///"):
		return "//" + out
	case strings.HasPrefix(p, "/"):
		return "/" + out
	case out == "":
		return "."
	}
	return out
}

// cleanPath is posixpath.normpath(p).
func cleanPath(p string) string {
	root := ""
	switch {
	case strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///"):
		root = "//"
	case strings.HasPrefix(p, "/"):
		root = "/"
	}
	var parts []string
	for s := range strings.SplitSeq(p, "/") {
		switch {
		case s == "" || s == ".":
		case s != "..", root == "" && (len(parts) == 0 || parts[len(parts)-1] == ".."):
			parts = append(parts, s)
		case len(parts) > 0:
			parts = parts[:len(parts)-1]
		}
	}
	if out := root + strings.Join(parts, "/"); out != "" {
		return out
	}
	return "."
}
