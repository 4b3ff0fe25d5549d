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
	reaches   map[chain]*reach
}

// chain is what runs for a deployment, in order.
type chain struct {
	build, push, pull *Action
}

// Link resolves every reference to a step output against the steps that run before it.
func (f *File) Link(lang *schema.Language) *Links {
	l := &Links{catalogue: lang.Steps(f.Generation), file: f, runs: &runs{}, reaches: map[chain]*reach{}}
	all := f.Users()
	chains := make(map[*Deployment]chain, len(all))
	for _, d := range all {
		chains[d] = f.chain(d)
	}
	uses := uses{file: f, chains: chains, known: map[where][]use{}}
	for _, ref := range f.References {
		if ref.Kind != template.Standard {
			continue
		}
		for _, use := range uses.of(ref) {
			l.All = append(l.All, l.resolve(ref, use.chain, use.deployment))
		}
	}
	l.reaches = nil
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

// uses finds the chains in which references are evaluated.
type uses struct {
	file   *File
	chains map[*Deployment]chain
	known  map[where][]use // of the references in one of the file's actions, all alike
}

type where struct {
	action  *Action
	section Section
}

// of lists the distinct chains of a reference: one for a deployment's own, several for one in the file's push or pull when
// deployments have builds of their own.
func (u *uses) of(ref *Reference) []use {
	if ref.Deployment != nil {
		return []use{{u.chains[ref.Deployment], ref.Deployment}}
	}
	at := where{ref.Step.Action, ref.Section}
	if out, ok := u.known[at]; ok {
		return out
	}
	var out []use
	seen := map[chain]bool{} // what runs later makes no difference
	for _, d := range u.file.Users() {
		c := u.chains[d]
		if start := c.upTo(ref.Section); c.has(at.action) && !seen[start] {
			seen[start] = true
			out = append(out, use{c, d})
		}
	}
	if out == nil { // nobody uses the action; look at it as if the file's actions ran
		out = []use{{u.file.chain(nil), nil}}
	}
	u.known[at] = out
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
	before := l.before(ref, c)
	if runTime(ref, path[0]) {
		link.Status = RunTime
		return link
	}
	if ref.Section == Pull && l.atDeploy(link, before.deploying(), path) {
		return link
	}
	if s := before.byID(path[0]); s != nil {
		link.Source, link.ByID = s, true
		link.Status = l.output(link, s, path[1:])
		return link
	}
	if flat(link, before, path[0]) {
		return link
	}
	link.Status = UnknownName
	l.suggest(link, before)
	l.elsewhere(link, before.reach, path[0])
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

// atDeploy finds what Prefect puts into a pull step while deploying: an output of a build or push step wins over one of a pull
// step with the same name.
func (l *Links) atDeploy(link *Link, before prefix, path []string) bool {
	if s := before.byID(path[0]); s != nil {
		names, _ := l.Outputs(s)
		if len(path) > 1 && !slices.Contains(names, path[1]) {
			return false
		}
		link.Source, link.ByID = s, true
		link.Status = l.output(link, s, path[1:])
		return true
	}
	if s := before.giving(path[0]); s != nil {
		link.Source, link.Output = s, path[0]
		return true
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
func flat(link *Link, before prefix, name string) bool {
	s := before.giving(name)
	switch {
	case s != nil:
		link.Source, link.Output = s, name
	case !before.certain():
		link.Status, link.Output = Undecided, name
	default:
		return false
	}
	return true
}

// Outputs lists what a step returns; certain is false for a step we do not know, which may return anything.
func (l *Links) Outputs(s *Step) (names []string, certain bool) {
	return Outputs(l.catalogue, s)
}

// Outputs lists what a step returns, as [Links.Outputs] does.
func Outputs(catalogue schema.Catalogue, s *Step) (names []string, certain bool) {
	info, status := catalogue.Lookup(s.Function())
	if info == nil || status != schema.Known {
		return nil, false
	}
	for i := range info.Outputs {
		names = append(names, info.Outputs[i].Name)
	}
	return names, true
}

// maxSuggested is how many of the steps nearest to a reference are suggested from.
const maxSuggested = 100

func (l *Links) suggest(link *Link, before prefix) {
	for _, s := range before.steps[max(before.n-maxSuggested, 0):before.n] {
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
func (l *Links) elsewhere(link *Link, all *reach, head string) {
	if s := link.Step; s != nil && l.gives(s, head) {
		link.Status, link.Source = FromItself, s
		return
	}
	if s := all.first(head); s != nil && (link.Section != Setting || s.Action.Section != Pull) {
		link.Status, link.Source = FromLater, s
		return
	}
	f := link.file()
	for _, section := range []Section{Build, Push} {
		a := f.actions[section]
		if a == nil || a == link.chain.build || a == link.chain.push {
			continue
		}
		if s := l.reachOf(only(a)).first(head); s != nil {
			link.Status, link.Source = FromReplaced, s
			return
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
