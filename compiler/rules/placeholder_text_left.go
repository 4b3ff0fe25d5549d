package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var placeholderTextLeft = &Rule{
	Name:     "placeholder-text-left",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a text such as YOUR_REPO_URL that was meant to be replaced",
	Run: func(p *Pass) {
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			if n.Kind != yamldoc.String || !mayBeLeft(at) || !hasSign(n.Text) {
				return
			}
			if m := leftText.FindStringSubmatchIndex(n.Text); m != nil && !strings.Contains(n.Text, "{{") {
				at.report(p, part(p, n, m[2], m[3]), "%q looks like a text to be replaced by your own", n.Text[m[2]:m[3]])
			}
		})
	},
}

// hasSign is a quick look for what leftText may find.
func hasSign(text string) bool {
	return strings.Contains(text, "your") || strings.Contains(text, "YOUR") || strings.Contains(text, "<") || strings.Contains(text, "ME")
}

// mayBeLeft holds where a name or an address is expected, not prose, code or data.
func mayBeLeft(at *place) bool {
	switch {
	case at.Section == model.Setting:
		return at.Field == "work_pool" && (at.key() == "name" || at.key() == "work_queue_name" || at.key() == "image") ||
			at.Field == "entrypoint" || at.Field == "name"
	case at.key() == "script":
		return false
	}
	return at.Step.Info != nil
}

// leftText is a whole value or a whole part of a path that is plainly no name.
var leftText = pattern.New(`(?:^|[/:@])(YOUR[_-][A-Z_-]+|<(?:your|my|the|insert|replace)[ _-][a-z _-]+>|<[A-Z]+(?:[_-][A-Z]+)+>|your[_-](?:org|username|user|account|repo|repository|project|registry|bucket)(?:[_-](?:name|here|url))?|CHANGE_?ME|REPLACE_?ME)(?:$|[/:.])`)
