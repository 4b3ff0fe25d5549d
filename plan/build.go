package plan

import (
	"fmt"
	"math"
	"path"
	"path/filepath"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Input is what a plan is made of.
type Input struct {
	Model      *model.File // nil when there is no file
	Generation schema.Generation
	Dir        string // absolute, symbolic links resolved
	Env        func(name string) (string, bool)
	Selection  Selection
	Options    Options
	// IgnoreOptions leaves options out when several deployments are taken, as Prefect does; otherwise they are an error then.
	IgnoreOptions bool

	// Flow reads the flow behind an entrypoint without running it.
	Flow func(entrypoint string) Flow
	// Version is what the environment says of the code's version; see VersionSource.
	Version VersionSource
	// DefaultPool is the setting PREFECT_DEFAULT_WORK_POOL_NAME, "" without it.
	DefaultPool string
}

// Build makes the plan for the selected deployments. It runs nothing and reads nothing but what Input gives it.
func Build(in Input) (*Plan, error) {
	p := &Plan{Generation: in.Generation, Dir: in.Dir}
	if in.Generation == schema.Prefect2 && in.Selection.All && len(in.Selection.Names) > 0 {
		in.Selection.Names, p.Ignored = nil, []string{"--name: --all takes all deployments"} // an error in Prefect 3
	}
	chosen, err := Select(in.Model, in.Selection)
	if err != nil {
		return nil, err
	}
	if in.Model != nil {
		p.File = in.Model.Source
	}
	in.Options.Entrypoint = in.Selection.Entrypoint
	if in.Model != nil {
		in.Options.Name, _ = in.Selection.naming(in.Model.Deployments)
	}
	switch {
	case len(chosen) > 1:
		for _, name := range in.Options.Given() {
			p.Ignored = append(p.Ignored, fmt.Sprintf("%s: it changes one deployment, and %d are taken", name, len(chosen)))
		}
		if given := in.Options.Given(); len(given) > 0 && !in.IgnoreOptions {
			return nil, &SelectionError{OptionsForSeveral, fmt.Sprintf(
				"%s: options change one deployment, and %d are taken: choose one with -n NAME, or write it in the file; --allow %s leaves options out, as prefect deploy does",
				strings.Join(given, ", "), len(chosen), OptionsForSeveral)}
		}
		in.Options = Options{}
		if in.Generation == schema.Prefect2 {
			in.DefaultPool = "" // Prefect 2 applies the setting to a single deployment only
		}
	case len(chosen) == 0 && in.Selection.Entrypoint == "":
		return nil, &SelectionError{"entrypoint-missing", "there is no deployment to take: declare one under deployments, or give an entrypoint such as flows/hello.py:my_flow"}
	case len(chosen) == 0:
		chosen = []*model.Deployment{nil}
		if len(in.Selection.Names) == 1 {
			in.Options.Name = in.Selection.Names[0]
		}
	}
	for _, m := range chosen {
		if len(chosen) > 1 && !m.Field("name").Set() {
			continue // Prefect skips it; the rule missing-name says so
		}
		d, err := newDeployment(in, m)
		if err != nil {
			return nil, err
		}
		p.Ignored = append(p.Ignored, d.idle...)
		p.Deployments = append(p.Deployments, d)
	}
	return p, nil
}

func newDeployment(in Input, m *model.Deployment) (*Deployment, error) {
	d := &Deployment{Model: m, Action: Unknown, Version: in.Version, Config: &value.Map{}, replaced: in.Options.replaces()}
	if in.Model != nil {
		d.File = in.Model.Source
	}
	if m != nil {
		v, err := m.Node.Python()
		if err != nil {
			return nil, fmt.Errorf("reading deployment %s: %w", m.Label(), err)
		}
		d.Config = v.(*value.Map)
		if in.Generation == schema.Prefect3 {
			d.Config = loaded3(d.Config).(*value.Map)
		}
	}
	foldSchedule(d.Config)
	d.idle = in.Options.idle(d.Config)
	jobVariables, err := in.Options.apply(d.Config, in.Generation)
	if err != nil {
		return nil, err
	}
	d.JobVariables = jobVariables
	setDefaults(d.Config, in)
	if err := d.addSteps(in); err != nil {
		return nil, err
	}
	d.Entrypoint, err = early(d.Config, "entrypoint", in.Env)
	if err != nil {
		return nil, err
	}
	if d.Entrypoint != "" && in.Flow != nil {
		d.Flow = in.Flow(d.Entrypoint)
	}
	return d, d.addPull(in)
}

// early fills in the environment of a field that is needed before any step runs.
func early(config *value.Map, key string, env func(string) (string, bool)) (string, error) {
	v, _, err := template.Pass{Env: env, Keep: true}.Apply(text(config, key))
	if err != nil {
		return "", err
	}
	s, _ := v.(string)
	return s, nil
}

// loaded3 is what Prefect 3's model makes of loaded YAML: dates become ISO text, sets lists, binary text, infinities null.
func loaded3(v value.Value) value.Value {
	switch v := v.(type) {
	case *value.Map:
		out := &value.Map{}
		for _, p := range v.Pairs {
			out.Set(loadedKey(p.Key), loaded3(p.Value))
		}
		return out
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			out[i] = loaded3(v[i])
		}
		return out
	case value.Set:
		return loaded3(v.Items)
	case value.Bytes:
		return string(v)
	case value.Date:
		return value.Str(v)
	case value.DateTime:
		return isoZ(v)
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil
		}
	}
	return v
}

// loadedKey is what the model makes of a mapping's key: text, with Python's name for null.
func loadedKey(k value.Value) value.Value {
	if k == nil {
		return "None"
	}
	return k
}

// isoZ is pydantic's JSON text of a datetime: UTC is written Z.
func isoZ(t value.DateTime) string {
	s := t.ISO()
	if _, off := t.Time.Zone(); !t.Naive && off == 0 {
		return s[:len(s)-len("+00:00")] + "Z"
	}
	return s
}

// foldSchedule turns the old "schedule" key into a list of one.
func foldSchedule(config *value.Map) {
	old, has := config.Get("schedule")
	if !has {
		return
	}
	config.Delete("schedule")
	if item, ok := old.(*value.Map); ok && item.Len() > 0 {
		config.Set("schedules", []value.Value{item})
	}
}

func setDefaults(config *value.Map, in Input) {
	defaults := value.NewMap("name", nil, "version", nil, "tags", []value.Value{}, "description", nil, "entrypoint", nil)
	if in.Generation == schema.Prefect3 {
		defaults.Set("concurrency_limit", nil)
	}
	for _, p := range defaults.Pairs {
		if _, has := config.Get(p.Key); !has {
			config.Set(p.Key, p.Value)
		}
	}
	if parameters, _ := config.Get("parameters"); parameters == nil {
		config.Set("parameters", &value.Map{})
	}
	pool := sub(config, "work_pool")
	if pool == nil {
		pool = &value.Map{}
		config.Set("work_pool", pool)
	}
	if name, _ := pool.Get("name"); !value.Truthy(name) {
		pool.Set("name", nil)
		if in.DefaultPool != "" {
			pool.Set("name", in.DefaultPool) // the file beats the setting; in Prefect the setting wins
		}
	}
	if _, has := pool.Get("work_queue_name"); !has {
		pool.Set("work_queue_name", nil)
	}
	if jv, _ := pool.Get("job_variables"); jv == nil {
		pool.Set("job_variables", &value.Map{})
	}
}

// addSteps reads the build and push steps the deployment uses.
func (d *Deployment) addSteps(in Input) error {
	for section, into := range map[model.Section]*[]*Step{model.Build: &d.Build, model.Push: &d.Push} {
		action := in.Model.FileAction(section)
		if d.Model != nil {
			action = d.Model.Effective(section)
		}
		if action == nil {
			continue
		}
		for _, s := range action.Steps {
			step, err := newStep(s)
			if err != nil {
				return err
			}
			*into = append(*into, step)
		}
	}
	return nil
}

func newStep(s *model.Step) (*Step, error) {
	step := &Step{
		Section: s.Action.Section, Path: s.Function(), ID: s.ID, Inputs: &value.Map{},
		Source: s.Key.Span, File: s.Action.File().Source,
	}
	if s.IDNode != nil {
		if id := s.IDNode.Deref().Scalar; value.Truthy(id) {
			step.Key = id
		}
	}
	for _, a := range s.Args {
		v, err := a.Value.Python()
		if err != nil {
			return nil, fmt.Errorf("reading step %s: %w", s.Function(), err)
		}
		step.Inputs.Set(a.Key.Scalar, v)
	}
	if s.Requires != nil {
		v, err := s.Requires.Python()
		if err != nil {
			return nil, fmt.Errorf("reading requires of %s: %w", s.Function(), err)
		}
		step.Requires = requirements(v)
	}
	return step, nil
}

func requirements(v value.Value) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []value.Value:
		var out []string
		for _, r := range v {
			out = append(out, value.Str(r))
		}
		return out
	}
	return nil
}

// addPull takes the pull steps as written, or makes Prefect's default one.
func (d *Deployment) addPull(in Input) error {
	action := in.Model.FileAction(model.Pull)
	if d.Model != nil {
		action = d.Model.Effective(model.Pull)
	}
	switch {
	case action != nil:
		d.PullSource = PullWritten
		v, err := action.Value.Python()
		if err != nil {
			return fmt.Errorf("reading pull steps: %w", err)
		}
		if list, ok := v.([]value.Value); ok {
			d.Pull = list
		} else {
			d.Pull = []value.Value{v}
		}
		if in.Generation == schema.Prefect3 && action.Owner != nil {
			d.Pull = loaded3(d.Pull).([]value.Value)
		}
		return nil
	case d.Model != nil && d.Model.PullDisabled(), d.Model == nil && in.Model.PullDisabled(in.Generation):
		d.PullSource, d.Pull = PullDisabled, []value.Value{}
		return nil
	}
	d.PullSource, d.Pull = d.defaultPull(in)
	return nil
}

const (
	dockerBuildStep = "prefect_docker.deployments.steps.build_docker_image"
	workingDirStep  = "prefect.deployments.steps.set_working_directory"
	imageRoot       = "/opt/prefect"
)

// defaultPull is the step Prefect registers when there is none: the image's directory when an image is built by a
// generated Dockerfile or named, else the deploying directory itself.
func (d *Deployment) defaultPull(in Input) (PullSource, []value.Value) {
	if dockerfile, found := d.dockerBuild(in); found {
		if dockerfile != "auto" {
			return PullOmitted, nil
		}
		return PullDefault, setWorkingDirectory(path.Join(imageRoot, filepath.Base(in.Dir)))
	}
	if in.Generation == schema.Prefect3 {
		if image, _ := sub(sub(d.Config, "work_pool"), "job_variables").Get("image"); value.Truthy(image) {
			return PullDefault, setWorkingDirectory(imageRoot)
		}
	}
	return PullDefault, setWorkingDirectory(in.Dir)
}

func setWorkingDirectory(dir string) []value.Value {
	return []value.Value{value.NewMap(workingDirStep, value.NewMap("directory", dir))}
}

// dockerBuild finds a build step of prefect-docker. Prefect looks in the file's build even when the deployment's is empty.
func (d *Deployment) dockerBuild(in Input) (dockerfile value.Value, found bool) {
	action := in.Model.FileAction(model.Build)
	if d.Model != nil {
		if own := d.Model.Own(model.Build); own != nil && len(own.Steps) > 0 {
			action = own
		}
	}
	if action == nil {
		return nil, false
	}
	for _, s := range action.Steps {
		for _, k := range s.Keys {
			if k.Key.KeyText() != dockerBuildStep || len(k.Value.Entries()) == 0 {
				continue
			}
			if e, ok := k.Value.Get("dockerfile"); ok && e.Value.Deref() != nil {
				return scalar(e.Value), true
			}
			return nil, true
		}
	}
	return nil, false
}

func scalar(n *yamldoc.Node) value.Value { return n.Deref().Scalar }
