package rules

import "github.com/prefectc/prefectc/compiler/diag"

// UnusedIgnore speaks last: whoever drops the findings that comments ignore knows which comments were needed, so that its
// findings are made there and not here.
var UnusedIgnore = &Rule{
	Name:     "unused-ignore",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Summary:  "a comment that keeps no finding silent",
	Run:      func(*Pass) {},
}
