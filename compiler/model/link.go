package model

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

// LinkStatus says what a reference to a step output turned out to be.
type LinkStatus uint8

// Statuses of links.
const (
	Linked        LinkStatus = iota // a step that runs before gives the value
	Undecided                       // a step whose outputs we do not know may give it
	UnknownName                     // no step of the chain gives it
	UnknownOutput                   // the step is there, but has no such output
	FromLater                       // the step runs only after
	FromItself                      // the step's own output
	FromReplaced                    // the file's step does not run, since the deployment has its own action
	RunTime                         // resolved by Prefect when the flow runs
)

// Link is a reference to a step output seen from one deployment.
type Link struct {
	*Reference
	Status LinkStatus
	For    *Deployment // the deployment in whose chain it was resolved; nil for a file without deployments
	Source *Step       // the step that gives, would give, or does not give the value; nil when there is none
	Output string      // the output's name, "" for all outputs of a step
	ByID   bool        // named by the step's id, not by a flat output name

	Names []string // what could have been meant: ids and outputs in reach

	chain chain
}

// Links are the resolved references of a file.
type Links struct {
	All []*Link // in the order of File.References; a reference of the file's actions once per distinct chain

	catalogue schema.Catalogue
	file      *File
	world     World
	runs      *runs
}

// chain is what runs for a deployment, in order.
type chain struct {
	build, push, pull *Action
}

// Link resolves every reference to a step output against the steps that run before it.
func (f *File) Link(lang *schema.Language) *Links {
	l := &Links{catalogue: lang.Steps(f.Generation), file: f, runs: &runs{}}
	all := f.Users()
	chains := make(map[*Deployment]chain, len(all))
	for _, d := range all {
		chains[d] = f.chain(d)
	}
	for _, ref := range f.References {
		if ref.Kind != template.Standard {
			continue
		}
		for _, use := range f.uses(ref, chains) {
			l.All = append(l.All, l.resolve(ref, use.chain, use.deployment))
		}
	}
	return l
}

// chain is what runs for a deployment; nil stands for a file without deployments.
func (f *File) chain(d *Deployment) chain {
	if d == nil {
		return chain{f.FileAction(Build), f.FileAction(Push), f.FileAction(Pull)}
	}
	return chain{d.Effective(Build), d.Effective(Push), d.Effective(Pull)}
}

func (c chain) has(a *Action) bool { return a != nil && (a == c.build || a == c.push || a == c.pull) }

type use struct {
	chain
	deployment *Deployment
}

// uses lists the distinct chains in which a reference is evaluated: one for a deployment's own, several for one in the
// file's push or pull when deployments have builds of their own.
func (f *File) uses(ref *Reference, chains map[*Deployment]chain) []use {
	if ref.Deployment != nil {
		return []use{{chains[ref.Deployment], ref.Deployment}}
	}
	own := ref.Step.Action
	var out []use
	seen := map[chain]bool{} // what runs later makes no difference
	for _, d := range f.Users() {
		c := chains[d]
		if start := c.upTo(ref.Section); c.has(own) && !seen[start] {
			seen[start] = true
			out = append(out, use{c, d})
		}
	}
	if out == nil { // nobody uses the action; look at it as if the file's actions ran
		out = []use{{f.chain(nil), nil}}
	}
	return out
}

// upTo forgets what runs after a section, which does not distinguish chains there.
func (c chain) upTo(s Section) chain {
	switch s {
	case Build:
		return chain{build: c.build}
	case Push:
		return chain{build: c.build, push: c.push}
	}
	return c
}

// before lists the steps whose outputs a reference can see.
func (c chain) before(ref *Reference) []*Step {
	var out []*Step
	for _, a := range []*Action{c.build, c.push, c.pull} {
		if a == nil || a.Section == Pull && ref.Section != Pull {
			continue
		}
		for _, s := range a.Steps {
			if s == ref.Step {
				return out
			}
			out = append(out, s)
		}
	}
	return out
}

// all lists every step of the chain.
func (c chain) all() []*Step {
	var out []*Step
	for _, a := range []*Action{c.build, c.push, c.pull} {
		if a != nil {
			out = append(out, a.Steps...)
		}
	}
	return out
}

func (l *Links) resolve(ref *Reference, c chain, d *Deployment) *Link {
	link := &Link{Reference: ref, For: d, chain: c}
	path := template.SplitPath(ref.Name)
	before := c.before(ref)
	if runTime(ref, path[0]) {
		link.Status = RunTime
		return link
	}
	if ref.Section == Pull && l.atDeploy(link, before, path) {
		return link
	}
	if s := byID(before, path[0]); s != nil {
		link.Source, link.ByID = s, true
		link.Status = l.output(link, s, path[1:])
		return link
	}
	if l.flat(link, before, path[0]) {
		return link
	}
	link.Status = UnknownName
	l.suggest(link, before)
	l.elsewhere(link, c, path[0])
	return link
}

// runTime reports whether a name is one that Prefect fills in only later: an event's in a trigger's parameters, and in
// Prefect 3 a flow run's in job variables.
func runTime(ref *Reference, head string) bool {
	switch {
	case ref.Section != Setting:
		return false
	case ref.Field == "triggers":
		return triggerParameters(ref.Path)
	}
	return head == "ctx" && ref.Field == "work_pool" && ref.file().Generation == schema.Prefect3
}

func (r *Reference) file() *File {
	if r.Deployment != nil {
		return r.Deployment.File
	}
	return r.Step.Action.file
}

// triggerParameters reports whether a path leads into the parameters of a trigger.
func triggerParameters(path string) bool {
	const word = "].parameters"
	for i := 0; i+len(word) <= len(path); i++ {
		if path[i:i+len(word)] == word {
			return true
		}
	}
	return false
}

func byID(steps []*Step, id string) *Step {
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].ID == id && id != "" {
			return steps[i]
		}
	}
	return nil
}

// atDeploy finds what Prefect puts into a pull step while deploying: an output of a build or push step wins over one of a pull
// step with the same name.
func (l *Links) atDeploy(link *Link, before []*Step, path []string) bool {
	n := 0
	for n < len(before) && before[n].Action.Section != Pull {
		n++
	}
	if s := byID(before[:n], path[0]); s != nil {
		names, _ := l.Outputs(s)
		if len(path) > 1 && !slices.Contains(names, path[1]) {
			return false
		}
		link.Source, link.ByID = s, true
		link.Status = l.output(link, s, path[1:])
		return true
	}
	for i := n - 1; i >= 0; i-- {
		if names, _ := l.Outputs(before[i]); slices.Contains(names, path[0]) {
			link.Source, link.Output = before[i], path[0]
			return true
		}
	}
	return false
}

// output checks the part of a name behind a step's id.
func (l *Links) output(link *Link, s *Step, rest []string) LinkStatus {
	if len(rest) == 0 {
		return Linked
	}
	link.Output = rest[0]
	names, certain := l.Outputs(s)
	switch {
	case slices.Contains(names, rest[0]):
		return Linked
	case !certain:
		return Undecided
	}
	link.Names = names
	return UnknownOutput
}

// flat looks a name up among the outputs that all steps leave behind without their id; the last one wins.
func (l *Links) flat(link *Link, steps []*Step, name string) bool {
	link.Output = name
	certain := true
	for i := len(steps) - 1; i >= 0; i-- {
		names, known := l.Outputs(steps[i])
		if slices.Contains(names, name) {
			link.Source = steps[i]
			return true
		}
		certain = certain && known
	}
	if !certain {
		link.Status = Undecided
		return true
	}
	link.Output = ""
	return false
}

// Outputs lists what a step returns; certain is false for a step we do not know, which may return anything.
func (l *Links) Outputs(s *Step) (names []string, certain bool) {
	info, status := l.catalogue.Lookup(s.Function())
	if info == nil || status != schema.Known {
		return nil, false
	}
	for i := range info.Outputs {
		names = append(names, info.Outputs[i].Name)
	}
	return names, true
}

func (l *Links) suggest(link *Link, before []*Step) {
	for _, s := range before {
		names, _ := l.Outputs(s)
		for _, n := range names {
			if s.ID != "" {
				n = s.ID + "." + n
			}
			if !slices.Contains(link.Names, n) {
				link.Names = append(link.Names, n)
			}
		}
		if s.ID != "" && len(names) == 0 && !slices.Contains(link.Names, s.ID) {
			link.Names = append(link.Names, s.ID)
		}
	}
}

// elsewhere explains a name that nothing before gives: the step itself, a later one, or one that was replaced.
func (l *Links) elsewhere(link *Link, c chain, head string) {
	if s := link.Step; s != nil && l.gives(s, head) {
		link.Status, link.Source = FromItself, s
		return
	}
	for _, s := range c.all() {
		if l.gives(s, head) && (link.Section != Setting || s.Action.Section != Pull) {
			link.Status, link.Source = FromLater, s
			return
		}
	}
	f := link.file()
	for _, section := range []Section{Build, Push} {
		a := f.actions[section]
		if a == nil || a == c.build || a == c.push {
			continue
		}
		for _, s := range a.Steps {
			if l.gives(s, head) {
				link.Status, link.Source = FromReplaced, s
				return
			}
		}
	}
}

// gives reports whether a step has this id or, surely, this output.
func (l *Links) gives(s *Step, name string) bool {
	if s.ID == name && name != "" {
		return true
	}
	names, _ := l.Outputs(s)
	return slices.Contains(names, name)
}
