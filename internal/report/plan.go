package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/plan"
)

// Plan is a plan as `prefectc plan -o` writes it, as far as the page shows it.
type Plan struct {
	Server string
	Rows   []PlanRow
}

// PlanRow is what happens to one deployment.
type PlanRow struct {
	Action, Name string
	Changes      []Change
}

// Change is one changed field; a side is "" where there is no value.
type Change struct{ Path, Old, New string }

// ReadPlan reads a plan's document.
func ReadPlan(data []byte) (*Plan, error) {
	var doc struct {
		SchemaVersion int    `json:"schema_version"`
		Server        string `json:"server"`
		Deployments   []struct {
			Flow    string `json:"flow_name"`
			Name    string `json:"name"`
			Action  string `json:"action"`
			Changes []struct {
				Path     string          `json:"path"`
				Old, New json.RawMessage `json:",omitempty"`
			} `json:"changes"`
		} `json:"deployments"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("not a plan that prefectc plan -o wrote: %w", err)
	}
	if doc.SchemaVersion != 1 {
		return nil, fmt.Errorf("not a plan that this version reads: schema_version is %d, not 1", doc.SchemaVersion)
	}
	p := &Plan{Server: doc.Server}
	for _, d := range doc.Deployments {
		row := PlanRow{Action: render.ActionWord(plan.Action(d.Action)), Name: d.Flow + "/" + d.Name}
		for _, c := range d.Changes {
			row.Changes = append(row.Changes, Change{Path: c.Path, Old: cut(string(c.Old)), New: cut(string(c.New))})
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// maxValue is how much of a value is shown, in bytes.
const maxValue = 400

func cut(s string) string {
	if len(s) > maxValue {
		return strings.ToValidUTF8(s[:maxValue], "") + "…"
	}
	return s
}
