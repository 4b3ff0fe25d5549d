package rules

import (
	"fmt"
	"path"
	"slices"
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
			case strings.Contains(d.Entrypoint(), "::"): // invalid-entrypoint speaks
			case r.File != nil && r.Path != "":
				there = append(there, r.Path)
			case r.File != nil:
				there = append(there, r.File.Path)
			case r.Status == entrypoint.FileMissing && (p.Deploying || !elsewhere(r.Path)), p.Flows.Local(r.Form):
				missing = append(missing, d)
			}
		}
		// Where a deploy is planned, Prefect reads the file there and then. Else the deploy may run in another directory, or the
		// flows may be in another repository: something has to show that this is the project.
		here := path.Dir(path.Clean(p.Model.Source.Path)) == "." // else the root that is found may be that of another project
		root := len(missing) > 0 && here && (p.Flows.Has(".git/HEAD") || p.Flows.Has("pyproject.toml"))
		for _, d := range missing {
			near, shown := nearestFile(p, d, there)
			if p.Deploying || shown || len(there) > 0 || root && !clones(d) || p.Flow(d).Module != "" {
				reportMissingFile(p, d, near)
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

func reportMissingFile(p *Pass, d *model.Deployment, near string) {
	_, n, _ := entrypointText(d)
	form := p.Flow(d).Form
	what, name := "file", form.Path
	if name == "" {
		what, name = "module", form.Module
	}
	f := p.Report(part(p, n, 0, len(name)), "there is no %s %q", what, name).At(d.Path + ".entrypoint").In(d)
	if near == "" {
		return
	}
	f.Message += fmt.Sprintf(", did you mean %q", near)
	if f.Span != n.Span || n.Style == yamldoc.Plain {
		f.UnsafeFix(fmt.Sprintf("use %q", near), Replace(f.Span, near))
	}
}

// nearestFile finds a file or module that exists and was probably meant; shown holds if what there is shows that the
// entrypoint is looked for in the right place.
func nearestFile(p *Pass, d *model.Deployment, there []string) (near string, shown bool) {
	text, _, _ := entrypointText(d)
	form := p.Flow(d).Form
	if form.Module != "" {
		dir := path.Dir(strings.ReplaceAll(form.Module, ".", "/"))
		if name := schema.Nearest(path.Base(strings.ReplaceAll(form.Module, ".", "/"))+".py", pythonIn(p, dir)); name != "" {
			near = strings.ReplaceAll(path.Join(dir, strings.TrimSuffix(name, ".py")), "/", ".")
		}
		return near, true
	}
	file := path.Clean(form.Path)
	if elsewhere(file) {
		return "", false
	}
	dir, base := path.Dir(file), path.Base(file)
	beside := pythonIn(p, dir)
	if name := schema.Nearest(base, beside); name != "" {
		return path.Join(dir, name), true
	}
	if near = movedFile(p, dir, base); near != "" {
		return near, true
	}
	function := strings.TrimPrefix(text[len(form.Path):], ":")
	candidates := []string{path.Join(dir, function+".py"), strings.ReplaceAll(file, "-", "_"), strings.ReplaceAll(file, "_", "-"), base, strings.ToLower(file)}
	seen := map[string]bool{}
	for _, t := range there {
		if dir := path.Dir(t); !seen[dir] && len(seen) < maxListed {
			seen[dir] = true
			candidates = append(candidates, path.Join(dir, base))
		}
	}
	for _, c := range candidates {
		if c != file && p.Flows.Load(c+strings.TrimPrefix(text, form.Path)).File != nil {
			return c, len(beside) > 0
		}
	}
	return schema.Nearest(file, there), len(beside) > 0
}

// movedFile finds the file in a directory with a similar name, or for one at the top in a directory below. A file whose
// directory is missing may well be at the top, if the prefect.yaml is in that directory.
func movedFile(p *Pass, dir, base string) string {
	parent, names := path.Dir(dir), []string(nil)
	switch {
	case dir == ".":
		parent, names = ".", p.Flows.Names(".")
	case len(p.Flows.Names(dir)) == 0:
		if name := schema.Nearest(path.Base(dir), p.Flows.Names(parent)); name != "" {
			names = []string{name}
		}
	}
	for _, name := range names {
		below := path.Join(parent, name)
		if strings.Contains(name, ".") {
			continue
		}
		if files := p.Flows.Names(below); slices.Contains(files, base) && !slices.Contains(files, "prefect.yaml") { // a project of its own
			return path.Join(below, base)
		}
	}
	return ""
}

// pythonIn lists the Python files in one of the project's directories.
func pythonIn(p *Pass, dir string) []string {
	var files []string
	for _, name := range p.Flows.Names(dir) {
		if strings.HasSuffix(name, ".py") && name != "__init__.py" {
			files = append(files, name)
		}
	}
	return files
}
