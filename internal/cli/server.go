package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// settings reads Prefect's settings as Prefect does.
func (p *Process) settings(profile string, gen schema.Generation) (prefect.Settings, error) {
	home, ok := p.Getenv("HOME")
	if !ok {
		home, _ = os.UserHomeDir()
	}
	s, err := prefect.LoadSettings(prefect.Environ(p.Env), p.Dir, home, prefect.Options{Generation: int(gen), Profile: profile})
	if err != nil {
		return s, &exit{code: exitUsage, kind: "settings", err: err}
	}
	for _, w := range s.Warnings {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: warning: %s\n", w)
	}
	return s, nil
}

// connection is a server that was asked for its version.
type connection struct {
	settings prefect.Settings
	client   *prefect.Client
	version  string
	gen      schema.Generation
}

// connect makes the client and asks the server for its generation, which has to be the one asked for, if any is. Projects with the
// same settings share the client.
func (b *batch) connect(ctx context.Context, w *work, s prefect.Settings, gen schema.Generation) (schema.Generation, error) {
	if s.URL == "" {
		local, err := b.localServer(ctx, w.Process, s)
		if err != nil {
			return 0, err
		}
		s.URL = local.url
	}
	c, err := b.connection(ctx, w.Process, s, gen)
	if err != nil {
		return 0, err
	}
	if gen != 0 && gen != c.gen {
		return 0, usage("the server at %s is Prefect %s, but --prefect or prefectc.cue asks for %d", s.ShownURL(), c.version, gen)
	}
	w.client = c.client
	w.server = fmt.Sprintf("Prefect %s at %s", c.version, s.ShownURL())
	return c.gen, nil
}

// connection asks a server for its version. One that cannot tell is believed to be what was asked for.
func (b *batch) connection(ctx context.Context, p *Process, s prefect.Settings, asked schema.Generation) (*connection, error) {
	for _, c := range b.connections {
		if reflect.DeepEqual(c.settings, s) {
			return c, nil
		}
	}
	client, err := prefect.New(s, prefect.Extra{
		UserAgent: "prefectc/" + Version + " (API 0.8.4)",
		Notify:    func(msg string) { _, _ = fmt.Fprintf(p.Stderr, "prefectc: %s\n", msg) },
	})
	if err != nil {
		return nil, &exit{code: exitUsage, kind: "settings", err: err}
	}
	n, version, err := client.Version(ctx)
	var unknown *prefect.UnknownVersionError
	if errors.As(err, &unknown) && asked != 0 {
		n, err = int(asked), nil
	}
	if err != nil {
		return nil, serverError(err)
	}
	b.connections = append(b.connections, &connection{s, client, version, schema.Generation(n)})
	return b.connections[len(b.connections)-1], nil
}

// serverError is a failure of talking to the server.
func serverError(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return &exit{code: exitFindings, kind: "cancelled", err: errors.New("stopped")}
	case prefect.IsUnauthorized(err):
		return failed("unauthorized", err)
	case prefect.IsUnreachable(err):
		return failed("server-unreachable", err)
	}
	return failed("server-refused", err)
}

// version finds what Prefect 3 records as the version of the code. It asks git, so that a plan which may start no process
// leaves it open inside a checkout.
func (p *Process) version(ctx context.Context, gen schema.Generation, dir string, offline bool) plan.VersionSource {
	if gen != schema.Prefect3 {
		return plan.VersionSource{}
	}
	if offline {
		return plan.VersionSource{Later: insideGit(dir)}
	}
	return executor.Version(ctx, dir, p.Env, p.Getenv)
}

func insideGit(dir string) bool {
	for {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}

// readEarly asks the server for the selected deployments whose names stand in the text, before anything is checked: the
// answer takes longer than all the rest. What it does not cover is asked for later.
func (w *work) readEarly(ctx context.Context, p *Process, in plan.Input) {
	if w.client == nil || w.result == nil {
		return
	}
	chosen, err := plan.Select(w.result.Model, in.Selection)
	if err != nil {
		return // said when the plan is made
	}
	var names []prefect.DeploymentName
	for _, d := range chosen {
		flow := w.result.Facts.Flow(d).Flow
		if name := d.Name(); name != "" && !template.Has(name) && flow != nil && flow.Name.Known {
			names = append(names, prefect.DeploymentName{Flow: flow.Name.Text, Deployment: name})
		}
	}
	w.early = executor.ReadLive(ctx, w.client, in.Generation, p.Getenv, names)
}
