package lsp

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// fileArguments are step arguments that name a file of the project.
var fileArguments = []string{"requirements_file", "dockerfile"}

// documentLink makes the files and addresses in a document clickable: entrypoints, requirements, Dockerfiles, repositories.
func (s *Server) documentLink(ctx context.Context, snap *snapshot, d *document, _ *protocol.DocumentLinkParams) (any, error) {
	out := []protocol.DocumentLink{}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	seen := map[*yamldoc.Node]bool{}
	add := func(n *yamldoc.Node, length int, target, tip string) {
		span := n.Span
		if text := d.file.Slice(span); n.Style != yamldoc.Plain && len(text) >= 2 {
			span = source.Span{Start: span.Start + 1, End: span.End - 1}
		}
		if d.file.Slice(span) == n.Text && length < len(n.Text) {
			span.End = span.Start + length
		}
		if target != "" && !seen[n] {
			seen[n] = true
			out = append(out, protocol.DocumentLink{Range: d.rangeOf(span), Target: &target, Tooltip: &tip})
		}
	}
	for _, dep := range a.model.Deployments {
		f := dep.Field("entrypoint")
		if text, ok := f.Text(); ok && !template.Has(text) {
			if r := a.facts.Flows.Load(text); r.File != nil {
				length := len(text)
				if r.Path != "" {
					length = len(r.Path)
				}
				add(f.Node(), length, uriOf(onDisk(d, r.File.Path)), "the flow's file")
			}
		}
	}
	for _, step := range a.facts.Steps() {
		for _, name := range fileArguments {
			if e, ok := step.Arg(name); ok {
				if n := e.Value.Deref(); n != nil && n.Kind == yamldoc.String {
					add(n, len(n.Text), fileLink(d, step.Arg, n.Text), "open the file")
				}
			}
		}
		if e, ok := step.Arg("repository"); ok {
			if n := e.Value.Deref(); n != nil && n.Kind == yamldoc.String {
				add(n, len(n.Text), webAddress(n.Text), "open the repository")
			}
		}
	}
	return out, nil
}

// fileLink is the URI of a file that a step names, relative to the project or to the step's own directory, if it exists.
func fileLink(d *document, arg func(string) (yamldoc.Entry, bool), name string) string {
	if !d.onDisk || template.Has(name) || name == "" {
		return ""
	}
	places := []string{onDisk(d, name)}
	if e, ok := arg("directory"); ok && e.Value.Deref() != nil {
		if dir := e.Value.Deref().Text; dir != "" && !template.Has(dir) {
			places = append(places, filepath.Join(onDisk(d, dir), filepath.FromSlash(name)))
		}
	}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return uriOf(p)
		}
	}
	return ""
}

// webAddress is where a browser shows a repository; "" for what is none, or holds a secret.
func webAddress(repository string) string {
	text := strings.TrimSuffix(repository, ".git")
	if host, path, ok := strings.Cut(strings.TrimPrefix(text, "git@"), ":"); ok && strings.HasPrefix(text, "git@") {
		text = "https://" + host + "/" + path
	}
	if !strings.HasPrefix(text, "https://") || strings.ContainsAny(text, "@{} \t\r\n\"<>") {
		return ""
	}
	return text
}
