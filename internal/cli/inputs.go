package cli

import (
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// inputs is what a plan was made of, so that it can be made again: the command line, the files, the server and what it held.
func (b *batch) inputs() *value.Map {
	files := &value.Map{}
	live := &value.Map{}
	for _, w := range b.works {
		for _, name := range w.read.sortedNames() {
			shown := name
			if rel, err := filepath.Rel(b.process.Dir, name); err == nil {
				shown = filepath.ToSlash(rel)
			}
			files.Set(shown, "sha256:"+w.read.hash(name))
		}
		for _, d := range w.plan.Deployments {
			if d.Live != nil && d.Live.Deployment != nil {
				live.Set(d.FullName(), liveIdentity(d.Live))
			}
		}
	}
	server := value.Value(nil)
	if !b.offline {
		server = b.serverName(b.works[0])
	}
	return value.NewMap("planned", b.now.UTC().Format(time.RFC3339Nano), "arguments", stringList(b.args),
		"options", stringList(b.flags.recorded()), "server", server, "files", files, "live", live)
}

func stringList(list []string) []value.Value {
	out := make([]value.Value, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// restless are fields of a live deployment that change while nobody changes it: workers that poll and runs that are scheduled.
var restless = map[string]bool{"updated": true, "status": true, "last_polled": true, "updated_by": true} //nolint:gochecknoglobals // a constant table

// liveIdentity is the id of a live deployment, when it was changed last, and a digest of what it holds.
func liveIdentity(l *plan.Live) *value.Map {
	text, err := value.Canonical(value.NewMap("deployment", restful(l.Deployment), "automations", restful(automationsOf(l))))
	if err != nil {
		text = nil
	}
	updated, _ := l.Deployment.Get("updated")
	return value.NewMap("id", l.ID, "updated", updated, "digest", "sha256:"+hashOf(text))
}

func automationsOf(l *plan.Live) value.Value {
	list := make([]value.Value, len(l.Automations))
	for i, a := range l.Automations {
		list[i] = a
	}
	return list
}

// restful leaves out what changes by itself, here and below.
func restful(v value.Value) value.Value {
	switch v := v.(type) {
	case *value.Map:
		out := &value.Map{}
		for _, p := range v.Pairs {
			if name, ok := p.Key.(string); !ok || !restless[name] {
				out.Set(p.Key, restful(p.Value))
			}
		}
		return out
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			out[i] = restful(v[i])
		}
		return out
	}
	return v
}

// presentation are the flags that have no part in what a plan does.
var presentation = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"format": true, "color": true, "output": true, "offline": true, "detailed-exitcode": true, "yes": true, "parallel": true, "help": true,
	"prompt": true, "no-prompt": true, "step-timeout": true,
}

// recorded are the options of the command line, in the form in which they can be given again.
func (f *deployFlags) recorded() []string {
	var out []string
	f.set.Visit(func(flag *pflag.Flag) {
		if presentation[flag.Name] {
			return
		}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			for _, v := range list.GetSlice() {
				out = append(out, "--"+flag.Name+"="+v)
			}
			return
		}
		out = append(out, "--"+flag.Name+"="+flag.Value.String())
	})
	return out
}
