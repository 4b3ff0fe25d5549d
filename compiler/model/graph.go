package model

import (
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// Graph is a file as a graph: what steps give to other steps and to deployments, and where deployments run. It holds text
// only; ids are the paths of what they stand for.
type Graph struct {
	Actions     []GraphAction     // each once, however many deployments share it
	Deployments []GraphDeployment // in the order of the file
	Pools       []GraphPool       // in the order of their first use
	Uses        []GraphUse        // in the order of the file
}

// GraphAction is a list of steps.
type GraphAction struct {
	ID      string // build, or deployments[2].build
	Section Section
	Owner   string // name of the deployment it is written in, "" for the file's own
	Steps   []GraphStep
}

// GraphStep is one step.
type GraphStep struct {
	ID       string // its path
	Function string
	Name     string // the step's id
	Outputs  []GraphOutput
}

// GraphOutput is what a step returns under one name.
type GraphOutput struct {
	Name string
	Result
}

// GraphDeployment is one deployment.
type GraphDeployment struct {
	ID         string // deployments[0]
	Name       string
	Entrypoint string
	Pool       string   // the id of its pool
	Actions    []string // the ids of what it runs, in order
}

// GraphPool is a work pool that deployments name. One without a name is the default pool.
type GraphPool struct {
	ID   string
	Name string
}

// GraphUse is a reference to an output.
type GraphUse struct {
	From    string // the id of the step that gives it, "" when none does
	To      string // the id of the step or deployment that uses it
	Output  string // the output's name, "" for all outputs of the step
	Name    string // as it is written
	Certain bool   // false when it is not known whether the step gives it
}

// Graph draws a file together with its links.
func (l *Links) Graph() *Graph {
	b := grapher{links: l, graph: &Graph{}, actions: map[*yamldoc.Node]*Action{}, pools: map[string]bool{}}
	for _, s := range Actions {
		if a := l.file.actions[s]; a.withSteps() != nil {
			b.action(a)
		}
	}
	for _, d := range l.file.Deployments {
		b.deployment(d)
	}
	seen := map[GraphUse]bool{}
	for _, link := range l.All {
		if u, ok := b.use(link); ok && !seen[u] {
			seen[u] = true
			b.graph.Uses = append(b.graph.Uses, u)
		}
	}
	return b.graph
}

type grapher struct {
	links   *Links
	graph   *Graph
	actions map[*yamldoc.Node]*Action // the one that stands for all that share the list
	pools   map[string]bool
}

// action adds an action, unless it is there under another alias, and returns its id.
func (b *grapher) action(a *Action) string {
	if first := b.actions[a.Value]; first != nil {
		return first.Field.Path
	}
	b.actions[a.Value] = a
	g := GraphAction{ID: a.Field.Path, Section: a.Section}
	if a.Owner != nil {
		g.Owner = a.Owner.Label()
	}
	for _, s := range a.Steps {
		step := GraphStep{ID: s.Path, Function: s.Function(), Name: s.ID}
		names, _ := b.links.Outputs(s)
		known := b.links.OutputsOf(s)
		for _, name := range names {
			step.Outputs = append(step.Outputs, GraphOutput{name, known[name]})
		}
		g.Steps = append(g.Steps, step)
	}
	b.graph.Actions = append(b.graph.Actions, g)
	return g.ID
}

func (b *grapher) deployment(d *Deployment) {
	g := GraphDeployment{ID: d.Path, Name: d.Label(), Entrypoint: d.Entrypoint()}
	name, _ := d.WorkPool("name").Text()
	g.Pool = "pool:" + name
	if !b.pools[name] {
		b.pools[name] = true
		b.graph.Pools = append(b.graph.Pools, GraphPool{g.Pool, name})
	}
	for _, s := range Actions {
		if a := d.Effective(s); a != nil {
			g.Actions = append(g.Actions, b.action(a))
		}
	}
	b.graph.Deployments = append(b.graph.Deployments, g)
}

func (b *grapher) use(link *Link) (GraphUse, bool) {
	u := GraphUse{Output: link.Output, Name: link.Name, Certain: link.Status == Linked}
	switch {
	case link.Step != nil:
		u.To = b.step(link.Step)
	case link.For != nil:
		u.To = link.For.Path
	}
	switch link.Status {
	case RunTime:
		return u, false
	case Linked, Undecided:
		if link.Source != nil {
			u.From = b.step(link.Source)
		}
		return u, link.Source != nil
	}
	return u, u.To != ""
}

// step is the id of the step that stands for all that share its action.
func (b *grapher) step(s *Step) string {
	if first := b.actions[s.Action.Value]; first != nil && s.Action != first {
		for _, other := range first.Steps {
			if other.Index == s.Index {
				return other.Path
			}
		}
	}
	return s.Path
}
