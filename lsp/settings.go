package lsp

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/prefectc/prefectc/schema"
)

// settings are what a user may set in the editor, under "prefectc".
type settings struct {
	// Prefect is the generation to check against, "2" or "3"; empty means that the file decides.
	Prefect string `json:"prefect"`
	// Files are additional patterns for names of prefect files, matched against the base name.
	Files []string `json:"files"`
	// Format turns formatting on.
	Format bool `json:"format"`
	// Live lets completion ask the configured Prefect server what work pools, queues, blocks and variables are called.
	Live bool `json:"live"`
}

// parseSettings reads the section "prefectc" or its contents; what does not fit is reported and left out.
func parseSettings(raw json.RawMessage) (settings, error) {
	var whole map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &whole) != nil {
		return settings{}, nil
	}
	if inner, ok := whole["prefectc"]; ok {
		whole = nil
		if json.Unmarshal(inner, &whole) != nil {
			return settings{}, nil
		}
	}
	var set settings
	var problems []string
	if v, ok := whole["prefect"]; ok {
		switch text := strings.Trim(string(v), `"`); text {
		case "2", "3":
			set.Prefect = text
		case "", "null", "auto":
		default:
			problems = append(problems, fmt.Sprintf("prefectc.prefect is %s; want \"2\", \"3\" or \"auto\"", v))
		}
	}
	for name, flag := range map[string]*bool{"format": &set.Format, "live": &set.Live} {
		if v, ok := whole[name]; ok && string(v) != "null" && json.Unmarshal(v, flag) != nil {
			problems = append(problems, fmt.Sprintf("prefectc.%s is %s; want true or false", name, v))
		}
	}
	if v, ok := whole["files"]; ok && string(v) != "null" {
		var files []string
		if err := json.Unmarshal(v, &files); err != nil {
			problems = append(problems, "prefectc.files is not a list of patterns")
		}
		for _, pattern := range files {
			if _, err := path.Match(pattern, ""); err != nil {
				problems = append(problems, fmt.Sprintf("prefectc.files: %q is not a pattern", pattern))
				continue
			}
			set.Files = append(set.Files, strings.ToLower(pattern))
		}
	}
	if problems != nil {
		return set, fmt.Errorf("%s", strings.Join(problems, "; "))
	}
	return set, nil
}

func (s settings) equal(o settings) bool {
	return s.Prefect == o.Prefect && s.Format == o.Format && s.Live == o.Live && strings.Join(s.Files, "\x00") == strings.Join(o.Files, "\x00")
}

// names reports whether a base name, in lower case, is that of a prefect file: the one that Prefect and "prefectc check" look for,
// and those the user named.
func (s settings) names(base string) bool {
	for _, pattern := range s.Files {
		if ok, err := path.Match(pattern, base); err == nil && ok {
			return true
		}
	}
	return base == "prefect.yaml" || base == "prefect.yml"
}

// mayBePrefect reports whether a base name is like prefect-dev.yaml: then the text decides.
func mayBePrefect(base string) bool {
	return strings.HasPrefix(base, "prefect") && (strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".yml"))
}

// generation is the one that is forced, or 0.
func (s settings) generation() schema.Generation {
	switch s.Prefect {
	case "2":
		return schema.Prefect2
	case "3":
		return schema.Prefect3
	}
	return 0
}
