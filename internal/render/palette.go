package render

import "github.com/prefectc/prefectc/compiler/diag"

// colors are the terminal sequences used; all empty without colour.
type colors struct {
	reset, bold, dim, line   string
	red, yellow, blue, green string
}

func palette(on bool) colors {
	if !on {
		return colors{}
	}
	return colors{
		reset: "\x1b[0m", bold: "\x1b[1m", dim: "\x1b[36m", line: "\x1b[34m",
		red: "\x1b[1;31m", yellow: "\x1b[1;33m", blue: "\x1b[1;34m", green: "\x1b[1;32m",
	}
}

func (c colors) severity(s diag.Severity) string {
	switch s {
	case diag.Error:
		return c.red
	case diag.Warning:
		return c.yellow
	}
	return c.blue
}
