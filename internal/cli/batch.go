package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/executor/journal"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
)

// batch is all that one plan or apply is about: one project, or several against the same server.
type batch struct {
	process  *Process
	flags    *deployFlags
	args     []string // of the command line
	color    bool
	progress *render.Progress // of an apply
	offline  bool
	started  time.Time
	now      time.Time // of the plan: of the file's, when one is applied
	works    []*work

	several bool            // projects
	matched map[string]bool // selected names that some project has

	connections []*connection
	local       *localServer // Prefect's own, while no API is configured
	stores      map[string]*journal.Store
}

// open reads the projects that a command line names. Close must be called even after an error.
func (b *batch) open(ctx context.Context, args []string) error {
	policy := executor.DriftPolicy(b.flags.onDrift)
	if policy != executor.Overwrite && policy != executor.Keep && policy != executor.Fail {
		return usage("--on-drift is overwrite, keep or fail, not %q", b.flags.onDrift)
	}
	projects, err := b.flags.projects(b.process, args)
	if err != nil {
		return err
	}
	opt, err := b.flags.options(b.process, projects[0].read)
	if err != nil {
		return err
	}
	if given := opt.Given(); len(projects) > 1 && len(given) > 0 {
		return usage("%s: options that change a deployment go with one project, not with %d", strings.Join(given, ", "), len(projects))
	}
	b.several, b.matched = len(projects) > 1, map[string]bool{}
	for _, pr := range projects {
		w, err := b.prepare(ctx, pr, opt)
		if err != nil {
			return err
		}
		b.works = append(b.works, w)
	}
	if err := b.allMatched(); err != nil {
		return err
	}
	return b.oneServer()
}

// Close ends what the batch has started.
func (b *batch) Close() {
	for _, w := range b.works {
		if w.executor != nil {
			_ = w.executor.Close() // nothing runs in it any more
		}
	}
	for _, s := range b.stores {
		_ = s.Close()
	}
	if b.local != nil {
		b.local.stop()
	}
}

// oneServer refuses projects whose settings lead to different servers: nobody could tell from one plan what happens where.
func (b *batch) oneServer() error {
	for _, w := range b.works[1:] {
		if w.server != b.works[0].server {
			return usage("%s is for %s, but %s for %s: deploy to one server at a time", b.works[0].shown, b.works[0].server, w.shown, w.server)
		}
	}
	return nil
}

// namesFor are the selected names that a project answers to. Of several projects each name has to match in one only, and some may
// be none of them for a project.
func (b *batch) namesFor(w *work) (names []string, none bool) {
	names = w.selection.Names
	if !b.several || len(names) == 0 {
		return names, false
	}
	var own []string
	for _, name := range names {
		if _, err := plan.Select(w.result.Model, plan.Selection{Names: []string{name}}); err == nil {
			own = append(own, name)
			b.matched[name] = true
		}
	}
	return own, len(own) == 0
}

// allMatched refuses names that match in no project.
func (b *batch) allMatched() error {
	for _, name := range b.flags.names {
		if b.several && !b.matched[name] {
			return failed("no-name-matches", fmt.Errorf("no deployment %q in any of the %d files", name, len(b.works)))
		}
	}
	return nil
}

// remember reads what earlier applies of the projects left, and with writes locks it.
func (b *batch) remember(writes bool) error {
	b.stores = map[string]*journal.Store{}
	for _, w := range b.works {
		if w.client == nil {
			continue
		}
		w.memory = &executor.Memory{Target: w.target(b.serverName(w)), Kind: failureKind}
		var err error
		if writes {
			w.store, err = b.store(w)
		}
		switch {
		case err != nil:
			return err
		case w.store != nil:
			w.memory.State = w.store.State()
			if w.memory.State.Since(b.started) {
				w.early = nil // it was asked for while another apply was still at work
			}
		default:
			if w.memory.State, err = journal.Read(w.Dir); err != nil {
				return failed("state", err)
			}
		}
	}
	return nil
}

// store locks a project's directory; nil when nothing can be written there.
func (b *batch) store(w *work) (*journal.Store, error) {
	if s, open := b.stores[w.Dir]; open {
		return s, nil
	}
	s, err := journal.Open(w.Dir)
	var locked *journal.LockedError
	switch {
	case errors.As(err, &locked):
		return nil, failed("locked", err)
	case errors.Is(err, journal.ErrReadOnly):
		_, _ = fmt.Fprintf(w.Stderr, "prefectc: warning: nothing is remembered of this apply, so that --resume, --prune and drift will not know of it: %v\n", err)
		return nil, nil
	case err != nil:
		return nil, failed("state", err)
	}
	b.stores[w.Dir] = s
	return s, nil
}

// complete finishes the plans with what the server and the flows' own code tell; offline with what is known.
func (b *batch) complete(ctx context.Context, opt executor.Options) ([]diag.Diagnostic, error) {
	var found []diag.Diagnostic
	var first *executor.Executor
	for _, w := range b.works {
		if w.client == nil {
			if err := w.evaluateOffline(b); err != nil {
				return nil, err
			}
			continue
		}
		opt.Beside = first
		w.newExecutor(b, opt)
		if first == nil {
			first = w.executor
		}
		more, err := w.executor.Prepare(ctx)
		if err != nil {
			return nil, serverError(err)
		}
		found = append(found, more...)
	}
	if len(found) > 0 {
		return found, nil
	}
	if err := b.noDuplicates(); err != nil {
		return nil, err
	}
	return nil, b.gone(ctx)
}

func (w *work) newExecutor(b *batch, opt executor.Options) {
	opt.Client, opt.Env, opt.Getenv, opt.Early = w.client, w.Env, w.Getenv, w.early
	opt.ResolveBlocks, opt.Allow, opt.Known = b.flags.resolve, b.flags.allow, w.known()
	opt.Memory, opt.Now = w.memory, func() time.Time { return b.now }
	if b.flags.set.Changed("on-drift") {
		opt.OnDrift = executor.DriftPolicy(b.flags.onDrift)
	}
	w.executor = executor.New(w.plan, opt)
}

// noDuplicates refuses one deployment in two files: the second apply would undo the first.
func (b *batch) noDuplicates() error {
	seen := map[string]*work{}
	for _, w := range b.works {
		for _, d := range w.plan.Deployments {
			name := d.FullName()
			if plan.Unresolved(name) || d.Flow.Name == "" {
				continue
			}
			if before := seen[name]; before != nil && before != w {
				return failed("duplicate-deployment", fmt.Errorf("nothing was done: %s and %s both declare %s: rename one, or deploy one of the files", before.shown, w.shown, name))
			}
			seen[name] = w
		}
	}
	return nil
}

// gone finds the deployments that left the files.
func (b *batch) gone(ctx context.Context) error {
	for _, w := range b.works {
		if w.memory == nil || w.result == nil {
			continue
		}
		owned := w.memory.State.Owned(w.memory.Target)
		left := map[string]prefect.DeploymentName{}
		for full := range owned {
			flow, name, _ := strings.Cut(full, "/")
			if !b.declares(flow, name) {
				left[full] = prefect.DeploymentName{Flow: flow, Deployment: name}
			}
		}
		gone, err := w.executor.Gone(ctx, owned, left)
		if err != nil {
			return serverError(err)
		}
		slices.SortFunc(gone, func(x, y *plan.Gone) int { return strings.Compare(x.FullName(), y.FullName()) })
		for _, g := range gone {
			g.Deletes = b.flags.prune && g.Why == ""
		}
		w.plan.Gone = gone
	}
	return nil
}

func (b *batch) declares(flow, name string) bool {
	return slices.ContainsFunc(b.works, func(w *work) bool {
		return w.result != nil && w.plan.Declares(w.result.Model, flow, name)
	})
}

// whole is the plan over all projects, for those who look at it.
func (b *batch) whole() *plan.Plan {
	all := *b.works[0].plan
	for _, w := range b.works[1:] {
		all.Deployments = append(slices.Clip(all.Deployments), w.plan.Deployments...)
		all.Gone = append(slices.Clip(all.Gone), w.plan.Gone...)
	}
	return &all
}

// drifted is the error of --on-drift fail.
func (b *batch) drifted() error {
	if executor.DriftPolicy(b.flags.onDrift) != executor.Fail {
		return nil
	}
	var names []string
	for _, d := range b.whole().Deployments {
		if d.Drifted() {
			names = append(names, d.FullName())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return failed("drift", fmt.Errorf("changed on the server since the last apply: %s; look at it with plan, then choose --on-drift overwrite or keep", strings.Join(names, ", ")))
}

// blocking are the findings that stop the batch.
func (b *batch) blocking() (stop, rest []diag.Diagnostic) {
	for _, w := range b.works {
		s, r := blocking(w.found, b.flags.allow)
		stop, rest = append(stop, s...), append(rest, r...)
	}
	return stop, rest
}

// say writes findings to standard error.
func (b *batch) say(found []diag.Diagnostic) error {
	text := b.process.text(b.color)
	text.Brief = true
	return text.Diagnostics(b.process.Stderr, diag.Sort(found))
}

func (b *batch) planView() render.PlanView {
	return render.PlanView{
		Color: b.color, Server: b.works[0].server, Outputs: b.works[0].outputs, Width: b.process.width(), Prune: b.flags.prune,
	}
}

// document is the plan as JSON.
func (b *batch) document() ([]byte, error) {
	list := []value.Value{}
	for _, w := range b.works {
		for _, d := range w.plan.Deployments {
			list = append(list, w.of(b, d.JSON(w.outputs)))
		}
	}
	for _, w := range b.works {
		for _, g := range w.plan.Gone {
			list = append(list, w.of(b, g.JSON()))
		}
	}
	first := b.works[0]
	file := value.Value(nil)
	if first.plan.File != nil && len(b.works) == 1 {
		file = first.plan.File.Path
	}
	doc, err := value.JSON(value.NewMap("schema_version", int64(render.SchemaVersion), "prefect", int64(first.plan.Generation),
		"server", first.server, "file", file, "deployments", list, "inputs", b.inputs()))
	if err != nil {
		return nil, &exit{code: exitInternal, err: fmt.Errorf("writing the plan: %w", err)}
	}
	return render.Indent(bytes.TrimSpace(doc))
}

// of names the file of a deployment when there are several.
func (w *work) of(b *batch, doc *value.Map) *value.Map {
	if len(b.works) > 1 {
		doc.Set("file", w.shown)
	}
	return doc
}

// serverName is what applies to a server are remembered under. Prefect's own local server has another port each time.
func (b *batch) serverName(w *work) string {
	settings := w.client.Settings()
	if b.local != nil {
		return "local server of " + settings.Home
	}
	return settings.ShownURL()
}

// sortedNames are the names of files that were read.
func (r *readings) sortedNames() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.hashes))
}
