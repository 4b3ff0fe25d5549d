package executor

import (
	"context"
	"errors"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/prefect"
)

// readAutomations finds the automations that belong to deployments. All automations of the server are read at once, to learn
// which deployments have any; only those are asked about one by one.
func readAutomations(ctx context.Context, client *prefect.Client) (map[string][]*value.Map, error) {
	out := map[string][]*value.Map{}
	all, err := client.ReadAutomations(ctx)
	if errors.Is(err, prefect.ErrNoAutomations) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		actions, _ := a.Get("actions")
		list, _ := actions.([]value.Value)
		for _, action := range list {
			if m, ok := action.(*value.Map); ok {
				if id, _ := m.Get("deployment_id"); id != nil {
					out[value.Str(id)] = append(out[value.Str(id)], a)
					break
				}
			}
		}
	}
	return out, nil
}
