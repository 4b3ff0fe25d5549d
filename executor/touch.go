package executor

import (
	"path/filepath"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// touch is what a step may do to files that other steps see.
type touch struct {
	effect effect
	dir    string // the directory in which; "" for any
}

type effect int

const (
	nothing effect = iota
	reads
	writes // which is also what is not known
)

// collides holds for steps whose order matters.
func (t touch) collides(other touch) bool {
	if t.effect == nothing || other.effect == nothing || t.effect == reads && other.effect == reads {
		return false
	}
	return inside(t.dir, other.dir) || inside(other.dir, t.dir)
}

// inside reports whether a directory is another or below it; any is below none.
func inside(dir, outer string) bool {
	return outer == "" || dir == outer || strings.HasPrefix(dir, strings.TrimSuffix(outer, "/")+"/")
}

// place follows the working directory through the steps of a deployment, as far as the file tells.
type place struct {
	dir   string
	known bool
}

// in is a directory as a step names it.
func (p place) in(name value.Value) (dir string, known bool) {
	if name == nil {
		return p.dir, p.known
	}
	text, ok := name.(string)
	if !ok || text == "" || strings.Contains(text, "{{") {
		return "", false
	}
	if !filepath.IsAbs(text) {
		if !p.known {
			return "", false
		}
		text = filepath.Join(p.dir, text)
	}
	if real, err := filepath.EvalSymlinks(text); err == nil {
		return real, true
	}
	return "", false // nobody knows where it will lead
}

// imagesAndBuckets are steps of Prefect's integrations that only read the files of the project.
var imagesAndBuckets = map[string]effect{ //nolint:gochecknoglobals // a constant table
	"prefect_docker.deployments.steps.build_docker_image":        reads,
	"prefect_docker.deployments.steps.push_docker_image":         nothing,
	"prefect_aws.deployments.steps.push_to_s3":                   reads,
	"prefect_aws.projects.steps.push_to_s3":                      reads,
	"prefect_gcp.deployments.steps.push_to_gcs":                  reads,
	"prefect_gcp.projects.steps.push_to_gcs":                     reads,
	"prefect_azure.deployments.steps.push_to_azure_blob_storage": reads,
	"prefect_azure.projects.steps.push_to_azure_blob_storage":    reads,
}

// touch is what a step may do where the deployment is by then; a step that moves moves the place.
func (p *place) touch(s *plan.Step) touch {
	input := func(name string) value.Value { v, _ := s.Inputs.Get(name); return v }
	name, core := strings.CutPrefix(s.Path, "prefect.deployments.steps.")
	if core {
		name = strings.TrimPrefix(strings.TrimPrefix(name, "pull."), "utility.")
	}
	switch {
	case core && name == "set_working_directory":
		p.dir, p.known = p.in(input("directory"))
		return touch{effect: nothing}
	case core && name == "run_shell_script":
		t := touch{effect: scriptEffect(s.Inputs)}
		t.dir, _ = p.in(input("directory"))
		return t
	case core && name == "git_clone":
		t := touch{effect: writes}
		t.dir, _ = p.in(nil)
		return t
	case core: // pip_install_requirements writes where the interpreter is; the others are not meant for a build
		return touch{effect: writes}
	}
	effect, known := imagesAndBuckets[s.Path]
	if !known {
		t := touch{effect: writes}
		t.dir, _ = p.in(nil)
		p.known = false // it may have moved
		return t
	}
	if dockerfile, given := s.Inputs.Get("dockerfile"); given {
		if text, ok := dockerfile.(string); !ok || text == "auto" || strings.Contains(text, "{{") {
			effect = writes // a Dockerfile, for the time of the build
		}
	}
	t := touch{effect: effect}
	t.dir, _ = p.in(input("path"))
	return t
}
