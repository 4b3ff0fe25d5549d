package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var scheduleNotAMapping = &Rule{
	Name:     "schedule-not-a-mapping",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "schedule written as text or as a list: Prefect 2 makes no schedule, Prefect 3 skips the file",
	Run: func(p *Pass) {
		end := "prefect 3 skips the whole file over it"
		if p.Generation() == schema.Prefect2 {
			end = "prefect 2 makes no schedule of it, silently"
		}
		for _, d := range p.Model.Deployments {
			f := d.Field("schedule")
			if !f.Set() || f.Node().Kind == yamldoc.Mapping || p.Generation() == schema.Prefect2 && !filled(f) {
				continue
			}
			n := f.Node()
			var found *Finding
			switch {
			case n.Kind == yamldoc.Sequence && d.Field("schedules").Key == nil:
				found = p.Report(f.Key.Span, `"schedule" holds one schedule, a list belongs under "schedules"; %s`, end)
				if f.Key.Style == yamldoc.Plain {
					found.UnsafeFix(`rename to "schedules"`, Replace(f.Key.Span, "schedules"))
				}
			case n.Kind == yamldoc.String:
				found = p.Report(n.Span, `"schedule" must be a mapping with cron, interval or rrule, not the text %q; %s`, n.Text, end)
				if _, err := schedule.ParseCron(n.Text, int(p.Generation())); err == nil && n == f.Value && n.Anchor == nil && Quoted(n.Text) != "" {
					found.UnsafeFix("make it a cron schedule", Replace(n.Span, "{cron: "+Quoted(n.Text)+"}"))
				}
			default:
				found = p.Report(n.Span, `"schedule" must be a mapping with cron, interval or rrule, not a %s; %s`, nodeKind(n), end)
			}
			found.At(f.Path).In(d)
			if p.Generation() == schema.Prefect2 {
				found.Deploys()
			}
		}
	},
}
