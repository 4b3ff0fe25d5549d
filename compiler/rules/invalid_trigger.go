package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var invalidTrigger = &Rule{
	Name:     "invalid-trigger",
	Severity: diag.Error,
	Summary:  "a trigger whose parts do not go together, which Prefect refuses",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if f := d.Field("triggers"); f.Set() && f.Node().Kind == yamldoc.Sequence {
				checkTriggers(p, d, f.Node(), f.Path, 0)
			}
		}
	},
}

func checkTriggers(p *Pass, d *model.Deployment, list *yamldoc.Node, path string, depth int) {
	for i, item := range list.Items {
		n, at := item.Deref(), fmt.Sprintf("%s[%d]", path, i)
		if n == nil || n.Kind != yamldoc.Mapping || depth > deepest {
			continue
		}
		inner, _ := n.Get("triggers")
		list := inner.Value.Deref()
		if list != nil && list.Kind == yamldoc.Sequence {
			checkTriggers(p, d, list, at+".triggers", depth+1)
		}
		switch triggerKind(n, p.Generation()) {
		case "event":
			checkProactive(p, d, n, at)
		case "compound":
			checkRequire(p, d, n, list, at)
		}
	}
}

// triggerKind is the kind that Prefect takes a trigger for; "" when that cannot be told.
func triggerKind(n *yamldoc.Node, g schema.Generation) string {
	if kind, has := n.Get("type"); has {
		text, _ := textOf(kind.Value)
		return strings.ToLower(text)
	}
	switch posture, _ := n.Get("posture"); {
	case g == schema.Prefect2:
		return "event"
	case posture.Value != nil && posture.Value.Deref().Text == "Metric":
		return "metric"
	case holds(n, "triggers") && holds(n, "require"):
		return "compound"
	case holds(n, "triggers"):
		return "sequence"
	}
	return "event"
}

// shortest is how many seconds a proactive trigger waits at least.
const shortest = 10

func checkProactive(p *Pass, d *model.Deployment, n *yamldoc.Node, path string) {
	posture, _ := n.Get("posture")
	within, has := n.Get("within")
	if text, _ := textOf(posture.Value); text != "Proactive" || !has {
		return
	}
	value := within.Value.Deref()
	if seconds, ok := number(value); ok && seconds > 0 && seconds < shortest {
		p.Report(value.Span, "a proactive trigger waits at least %d seconds, not %s", shortest, value.Text).At(path + ".within").In(d)
	}
}

func checkRequire(p *Pass, d *model.Deployment, n, list *yamldoc.Node, path string) {
	require, has := n.Get("require")
	if !has || list == nil || list.Kind != yamldoc.Sequence {
		return
	}
	value := require.Value.Deref()
	if count, ok := number(value); ok && value.Kind == yamldoc.Int && int(count) > len(list.Items) {
		p.Report(value.Span, "%s triggers are required, but there are only %d: write at most %[2]d, any or all", value.Text, len(list.Items)).
			At(path+".require").In(d).Also(require.Key.Span, "of the triggers listed here")
	}
}
