package render

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

// rule is the name of a finding's rule, which leads to its page.
func (t Text) rule(d *diag.Diagnostic) string {
	if !t.Links || d.URL == "" {
		return d.Rule
	}
	return link(d.URL, d.Rule)
}

// file is the path of a file as it is to be printed, which leads to the file.
func (t Text) file(name string) string {
	shown := name
	if t.Shown != nil {
		shown = t.Shown(name)
	}
	shown = printable(shown)
	full := filepath.FromSlash(name)
	switch {
	case !t.Links || t.Base == "":
		return shown
	case !filepath.IsAbs(full):
		full = filepath.Join(t.Base, full)
	}
	u := url.URL{Scheme: "file", Path: path.Join("/", filepath.ToSlash(full))}
	return link(u.String(), shown)
}

// link is a text that leads to an address, in the terminal sequence OSC 8.
func link(address, text string) string {
	if strings.ContainsAny(address, "\x1b\a") {
		return text
	}
	return "\x1b]8;;" + address + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}
