package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// scheduleItem is one schedule of a deployment that is a mapping.
type scheduleItem struct {
	deployment *model.Deployment
	node       *yamldoc.Node
	field      model.Field
	index      int    // in the list, -1 for "schedule"
	kind       string // the kind Prefect takes; "" when there is none, or several in Prefect 3
}

// schedules visits the schedules of all deployments: those of "schedules", and "schedule" when it counts.
func schedules(p *Pass, visit func(*scheduleItem)) {
	for _, d := range p.Model.Deployments {
		schedulesOf(p, d, visit)
	}
}

func schedulesOf(p *Pass, d *model.Deployment, visit func(*scheduleItem)) {
	list := p.schedules()[d]
	for i := range list {
		visit(&list[i])
	}
}

// collectSchedules lists the schedules of every deployment. The kind of one that deployments share is found out once.
func collectSchedules(m *model.File) map[*model.Deployment][]scheduleItem {
	out := make(map[*model.Deployment][]scheduleItem, len(m.Deployments))
	kinds := map[*yamldoc.Node]string{}
	for _, d := range m.Deployments {
		var list []scheduleItem
		one := func(n *yamldoc.Node, f model.Field, index int) {
			if n = n.Deref(); n == nil || n.Kind != yamldoc.Mapping || len(n.Entries()) == 0 {
				return
			}
			kind, known := kinds[n]
			if !known {
				kind = kindOf(n, m.Generation)
				kinds[n] = kind
			}
			list = append(list, scheduleItem{deployment: d, node: n, field: f, index: index, kind: kind})
		}
		if f := d.Field("schedules"); f.Set() && f.Node().Kind == yamldoc.Sequence {
			for i, n := range f.Node().Items {
				one(n, f, i)
			}
		}
		if f := d.Field("schedule"); f.Set() {
			one(f.Node(), f, -1)
		}
		out[d] = list
	}
	return out
}

// kindOf is the kind of a schedule. Of several, Prefect 2 takes the first of cron, interval and rrule.
func kindOf(n *yamldoc.Node, g schema.Generation) string {
	var kinds []string
	for _, k := range []string{schedule.KindCron, schedule.KindInterval, schedule.KindRRule} {
		if e, ok := n.Get(k); ok {
			if v := e.Value.Deref(); v != nil && v.Kind != yamldoc.Null {
				kinds = append(kinds, k)
			}
		}
	}
	if len(kinds) == 0 || len(kinds) > 1 && g == schema.Prefect3 {
		return ""
	}
	return kinds[0]
}

// path is the schedule's place in the data.
func (s *scheduleItem) path() string {
	if s.index < 0 {
		return s.field.Path
	}
	return fmt.Sprintf("%s[%d]", s.field.Path, s.index)
}

// value is the node of an entry, nil without it.
func (s *scheduleItem) value(key string) *yamldoc.Node {
	e, ok := s.node.Get(key)
	if !ok {
		return nil
	}
	return e.Value.Deref()
}

// text is an entry that is text without templates.
func (s *scheduleItem) text(key string) (string, *yamldoc.Node, bool) {
	n := s.value(key)
	if n == nil || n.Kind != yamldoc.String || template.Has(n.Text) {
		return "", nil, false
	}
	return n.Text, n, true
}

// given reports whether an entry is there and not null.
func (s *scheduleItem) given(key string) bool {
	n := s.value(key)
	return n != nil && n.Kind != yamldoc.Null
}

// report reports something at an entry of the schedule.
func (s *scheduleItem) report(p *Pass, span source.Span, key, format string, args ...any) *Finding {
	return p.Report(span, format, args...).At(s.path() + "." + key).In(s.deployment)
}

// cron is the schedule's cron expression, if it is valid.
func (s *scheduleItem) cron(p *Pass) (*schedule.Cron, *yamldoc.Node) {
	text, n, ok := s.text(schedule.KindCron)
	if !ok || s.kind != schedule.KindCron {
		return nil, nil
	}
	c, err := p.Facts.cron(text)
	if err != nil {
		return nil, nil
	}
	return c, n
}

// fieldsOf splits a cron expression into its fields.
func fieldsOf(c *schedule.Cron) []string { return strings.Fields(c.String()) }

// seconds is the schedule's interval, 0 without a valid one.
func (s *scheduleItem) seconds(p *Pass) float64 {
	n := s.value(schedule.KindInterval)
	if n == nil || s.kind != schedule.KindInterval {
		return 0
	}
	seconds, err := schedule.ParseInterval(n.Scalar, int(p.Generation()))
	if err != nil {
		return 0
	}
	return seconds
}
