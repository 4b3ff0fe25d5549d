package plan

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// Overridden reports whether a finding about the file is beside the point, because the command line or a setting says
// otherwise. What is put in the place of the file's is looked at when the plan is prepared.
func (p *Plan) Overridden(rule, path string) bool {
	for _, d := range p.Deployments {
		if d.Model == nil {
			continue
		}
		field, inside := strings.CutPrefix(path, d.Model.Path)
		if !inside || field != "" && field[0] != '.' {
			continue
		}
		switch rule {
		case "missing-name":
			return text(d.Config, "name") != ""
		case "missing-entrypoint":
			return d.Entrypoint != ""
		case "missing-work-pool":
			name, _ := sub(d.Config, "work_pool").Get("name")
			return value.Truthy(name)
		}
		head, _, _ := strings.Cut(strings.TrimPrefix(field, "."), ".")
		head, _, _ = strings.Cut(head, "[")
		return d.replaced[head]
	}
	return false
}

// replaces names the fields of a deployment that the options put others in the place of.
func (o *Options) replaces() map[string]bool {
	return map[string]bool{
		"name": o.Name != "", "entrypoint": o.Entrypoint != "", "tags": len(o.Tags) > 0 || o.NoTags, "triggers": len(o.Triggers) > 0,
		"parameters": o.Entrypoint != "" || len(o.Param) > 0 || o.Params != nil, "sla": len(o.SLA) > 0 || o.NoSLA,
		"concurrency_limit": o.ConcurrencyLimit != nil, "version": o.Version != nil, "description": o.Description != nil,
	}
}
