// Package docs holds the pages that prefectc shows offline.
package docs

import "embed"

// Rules are the pages of the rules, rules/NAME.md.
//
//go:embed rules/*.md
var Rules embed.FS //nolint:gochecknoglobals // read only
