package model

import (
	"slices"
	"sort"

	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Edited brings the model up to date after an edit of its document, by reading the deployments that were edited anew. All other
// deployments stay what they are, but for their places; those whose index is another are returned. It reports false when the model has to be
// built anew, for a change elsewhere or one that makes the file mean something else. forced is as in [New].
func (f *File) Edited(c yamldoc.Change, forced schema.Generation) (renumbered []*Deployment, ok bool) {
	if f.Field("deployments").Value != c.List || c.List == nil || f.partOf != nil || f.visited > maxVisited/2 {
		return nil, false
	}
	f.Source = f.Doc.File
	from := sort.Search(len(f.Deployments), func(i int) bool { return f.Deployments[i].Index >= c.At })
	to := sort.Search(len(f.Deployments), func(i int) bool { return f.Deployments[i].Index >= c.At+c.Removed })
	if forced == 0 && Guess(f) != f.Generation {
		return nil, false
	}
	var fresh []*Deployment
	w := newWalker(f)
	for i := c.At; i < c.At+c.Added; i++ {
		if d := f.newDeployment(i, c.List.Items[i]); d != nil {
			w.deployment(d)
			fresh = append(fresh, d)
		}
	}
	f.visited += maxVisited - w.budget
	if more := c.Added - c.Removed; more != 0 {
		renumbered = slices.Clone(f.Deployments[to:])
		for _, d := range renumbered {
			d.renumber(d.Index + more)
		}
	}
	moveReferences(f.references, c)
	for _, d := range f.Deployments[:from] {
		moveReferences(d.references, c)
	}
	for _, d := range f.Deployments[to:] {
		moveReferences(d.references, c)
	}
	f.Deployments = slices.Replace(f.Deployments, from, to, fresh...)
	f.joinReferences()
	return renumbered, true
}

func moveReferences(list []*Reference, c yamldoc.Change) {
	if c.Shift == 0 {
		return
	}
	for _, r := range list {
		r.Span, r.NameSpan = c.Move(r.Span), c.Move(r.NameSpan)
	}
}

// renumber gives a deployment another index, and its parts their paths.
func (d *Deployment) renumber(index int) {
	cut := len(d.Path)
	d.Index, d.Path = index, deploymentPath(index)
	path := func(p *string) { *p = d.Path + (*p)[cut:] }
	for i := range d.Fields {
		path(&d.Fields[i].Path)
	}
	for _, a := range d.actions {
		path(&a.Field.Path)
		for _, s := range a.Steps {
			path(&s.Path)
		}
	}
	for _, r := range d.references {
		path(&r.Path)
	}
}
