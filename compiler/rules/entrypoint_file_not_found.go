package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var entrypointFileNotFound = &Rule{
	Name:     "entrypoint-file-not-found",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "the file of an entrypoint does not exist",
	Whole:    true,
	Run: func(p *Pass) {
		var missing []*model.Deployment
		var there []string // files of entrypoints that exist
		for _, d := range p.Model.Deployments {
			switch r := p.Flow(d); {
			case r.Status == entrypoint.FileMissing && !elsewhere(r.Path):
				missing = append(missing, d)
			case r.File != nil && r.Path != "":
				there = append(there, r.Path)
			}
		}
		// Another entrypoint that is there shows that this is the project, and so does the root of a repository. Otherwise the
		// flows may be in another repository, or the deploy may run in another directory.
		here := path.Dir(path.Clean(p.Model.Source.Path)) == "." // else the root that is found may be that of another project
		root := len(missing) > 0 && here && (p.Flows.Has(".git/HEAD") || p.Flows.Has("pyproject.toml"))
		for _, d := range missing {
			if len(there) > 0 || root && !clones(d) {
				reportMissingFile(p, d, there)
			}
		}
	},
}

// elsewhere holds for a path that leads out of the project.
func elsewhere(file string) bool {
	return path.IsAbs(file) || strings.HasPrefix(file, "~") || strings.HasPrefix(path.Clean(file), "..") || strings.Contains(file, `\`)
}

// clones reports whether a deployment gets its code from a repository, which may be another than this one.
func clones(d *model.Deployment) bool {
	pull := d.Effective(model.Pull)
	if pull == nil {
		return false
	}
	for _, s := range pull.Steps {
		if strings.Contains(s.Function(), "git_clone") || strings.Contains(s.Function(), "pull_") {
			return true
		}
	}
	return false
}

func reportMissingFile(p *Pass, d *model.Deployment, there []string) {
	text, n, _ := entrypointText(d)
	file := p.Flow(d).Path
	f := p.Report(part(p, n, 0, len(file)), "there is no file %q", file).At(d.Path + ".entrypoint").In(d)
	near := nearestFile(p, text, file, there)
	if near == "" {
		return
	}
	f.Message += fmt.Sprintf(", did you mean %q", near)
	if f.Span != n.Span || n.Style == yamldoc.Plain {
		f.UnsafeFix(fmt.Sprintf("use %q", near), Replace(f.Span, near))
	}
}

// nearestFile finds a file that exists and was probably meant: one that other entrypoints name, one in their directories, or
// one with the other spelling of a separator.
func nearestFile(p *Pass, text, file string, there []string) string {
	base := path.Base(file)
	named := strings.TrimPrefix(text[len(file):], ":") + ".py" // many files are named after their flow
	candidates := []string{path.Join(path.Dir(file), named), strings.ReplaceAll(file, "-", "_"), strings.ReplaceAll(file, "_", "-"), base, strings.ToLower(file)}
	seen := map[string]bool{}
	for _, t := range there {
		if dir := path.Dir(t); !seen[dir] && len(seen) < maxListed {
			seen[dir] = true
			candidates = append(candidates, path.Join(dir, base))
		}
	}
	for _, c := range candidates {
		if c != file && p.Flows.Load(c+strings.TrimPrefix(text, file)).File != nil {
			return c
		}
	}
	return schema.Nearest(file, there)
}
