package rules

import (
	"bytes"
	"sync"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

// Facts are what several rules need to know of a file, each computed when it is first asked for. Safe for concurrent use.
type Facts struct {
	Language *schema.Language
	Flows    *entrypoint.Loader
	Levels   Levels // of the project's configuration

	// Deploying holds when the file is not only looked at: the deploy runs in the directory that Flows reads, and now.
	Deploying bool

	model *model.File
	shape func() []model.Misfit
	links func() *model.Links
	steps func() []StepUse

	schedules func() map[*model.Deployment][]scheduleItem
	generated func() bool
	crons     *sync.Map // text to parsedCron; schedules are shared, so the same text comes up again and again
}

// NewFacts prepares the facts of one file.
func NewFacts(m *model.File, lang *schema.Language, flows *entrypoint.Loader) *Facts {
	f := &Facts{Language: lang, Flows: flows, crons: &sync.Map{}}
	f.generated = sync.OnceValue(func() bool { return generated(m.Source.Text) })
	f.about(m)
	return f
}

// part are the facts of a part of the file.
func (f *Facts) part(m *model.File) *Facts {
	part := *f
	part.about(m)
	return &part
}

func (f *Facts) about(m *model.File) {
	lang := f.Language
	f.model = m
	f.shape = sync.OnceValue(func() []model.Misfit { return m.Shape(lang) })
	f.links = sync.OnceValue(func() *model.Links { return m.Link(lang) })
	f.steps = sync.OnceValue(func() []StepUse { return collectSteps(m, lang) })
	f.schedules = sync.OnceValue(func() map[*model.Deployment][]scheduleItem { return collectSchedules(m) })
}

// Generated reports whether the file is text for another template language, which makes a prefect.yaml of it.
func (f *Facts) Generated() bool { return f.generated() }

func generated(text []byte) bool {
	return bytes.Contains(text, []byte("{%")) || bytes.Contains(text, []byte("cookiecutter."))
}

// Shape is how the file misses the schema.
func (f *Facts) Shape() []model.Misfit { return f.shape() }

// Links says what every reference stands for.
func (f *Facts) Links() *model.Links { return f.links() }

// Steps are all steps of the file, each with what the catalogue knows of it.
func (f *Facts) Steps() []StepUse { return f.steps() }

type parsedCron struct {
	cron *schedule.Cron
	err  error
}

// cron is schedule.ParseCron for the file's generation.
func (f *Facts) cron(text string) (*schedule.Cron, error) {
	if known, ok := f.crons.Load(text); ok {
		return known.(parsedCron).cron, known.(parsedCron).err
	}
	c, err := schedule.ParseCron(text, int(f.model.Generation))
	f.crons.Store(text, parsedCron{c, err})
	return c, err
}

// Flow is the flow behind a deployment's entrypoint, with status Unknown when the entrypoint is missing or templated.
func (f *Facts) Flow(d *model.Deployment) *entrypoint.Result {
	text := d.Entrypoint()
	if text == "" || template.Has(text) {
		return &entrypoint.Result{}
	}
	return f.Flows.Load(text)
}
