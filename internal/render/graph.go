package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
)

// Graph is the drawing of a file's graph.
type Graph struct {
	File       string
	Generation int
	*model.Graph
}

// DOT writes the graph in Graphviz's language.
func (g Graph) DOT(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", dotText(g.File))
	b.WriteString("  rankdir=LR\n  node [shape=box, style=rounded, fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\", fontsize=10]\n")
	for _, a := range g.Actions {
		fmt.Fprintf(&b, "  subgraph %s {\n    label=%s\n", dotText("cluster_"+a.ID), dotText(actionTitle(a)))
		for _, s := range a.Steps {
			fmt.Fprintf(&b, "    %s [label=%s, tooltip=%s]\n", dotText(s.ID), dotText(twoLines(stepTitle(s), stepDetail(s))), dotText(s.Function))
		}
		b.WriteString("  }\n")
	}
	for _, d := range g.Deployments {
		fmt.Fprintf(&b, "  %s [label=%s, style=\"rounded,bold\"]\n", dotText(d.ID), dotText(twoLines(d.Name, d.Entrypoint)))
	}
	for _, p := range g.Pools {
		fmt.Fprintf(&b, "  %s [label=%s, shape=cylinder, style=solid]\n", dotText(p.ID), dotText(poolTitle(p)))
	}
	for _, e := range g.edges() {
		if e.missing {
			e.from = "missing:" + e.label
			fmt.Fprintf(&b, "  %s [label=%s, color=red, fontcolor=red]\n", dotText(e.from), dotText("nothing gives\n"+e.label))
		}
		fmt.Fprintf(&b, "  %s -> %s", dotText(e.from), dotText(e.to))
		switch {
		case e.missing:
			b.WriteString(" [color=red]")
		case e.label != "":
			fmt.Fprintf(&b, " [label=%s]", dotText(e.label))
		case e.runs:
			b.WriteString(" [style=dashed]")
		}
		b.WriteByte('\n')
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// dotText quotes text for Graphviz. A line break becomes its escape; other backslashes stand for themselves.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", " ", "\x00", " ").Replace(s) + `"`
}

// Mermaid writes the graph as a Mermaid flow chart.
func (g Graph) Mermaid(w io.Writer) error {
	var b strings.Builder
	names := map[string]string{} // ids of ours to ids that Mermaid takes
	b.WriteString("flowchart LR\n")
	for i, a := range g.Actions {
		fmt.Fprintf(&b, "  subgraph A%d[%s]\n", i, mermaidText(actionTitle(a)))
		for j, s := range a.Steps {
			names[s.ID] = fmt.Sprintf("S%d_%d", i, j)
			fmt.Fprintf(&b, "    %s[%s]\n", names[s.ID], mermaidText(twoLines(stepTitle(s), stepDetail(s))))
		}
		b.WriteString("  end\n")
	}
	for i, d := range g.Deployments {
		names[d.ID] = fmt.Sprintf("D%d", i)
		fmt.Fprintf(&b, "  %s([%s])\n", names[d.ID], mermaidText(twoLines(d.Name, d.Entrypoint)))
	}
	for i, p := range g.Pools {
		names[p.ID] = fmt.Sprintf("P%d", i)
		fmt.Fprintf(&b, "  %s[(%s)]\n", names[p.ID], mermaidText(poolTitle(p)))
	}
	for i, e := range g.edges() {
		from := names[e.from]
		if e.missing {
			from = fmt.Sprintf("M%d", i)
			fmt.Fprintf(&b, "  %s{{%s}}\n  style %s stroke:#c00,color:#c00\n", from, mermaidText("nothing gives "+e.label), from)
			e.label = ""
		}
		switch {
		case e.label != "":
			fmt.Fprintf(&b, "  %s -- %s --> %s\n", from, mermaidText(e.label), names[e.to])
		case e.runs:
			fmt.Fprintf(&b, "  %s -.-> %s\n", from, names[e.to])
		default:
			fmt.Fprintf(&b, "  %s --> %s\n", from, names[e.to])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidText quotes text for Mermaid, whose entities begin with "#".
func mermaidText(s string) string {
	return `"` + strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "&", "#amp;", "`", "#96;", "\n", "<br/>", "\r", " ").Replace(s) + `"`
}

// JSON writes the graph as data.
func (g Graph) JSON(w io.Writer) error {
	doc, err := value.JSON(value.NewMap("schema_version", int64(SchemaVersion), "file", g.File, "prefect", int64(g.Generation),
		"actions", list(g.Actions, actionData), "deployments", list(g.Deployments, deploymentData),
		"pools", list(g.Pools, func(p model.GraphPool) value.Value { return value.NewMap("id", p.ID, "name", orNull(p.Name)) }),
		"uses", list(g.Uses, func(u model.GraphUse) value.Value {
			return value.NewMap("from", orNull(u.From), "to", u.To, "output", orNull(u.Output), "reference", u.Name, "certain", u.Certain)
		})))
	if err != nil {
		return fmt.Errorf("writing the graph: %w", err)
	}
	text, err := Indent(doc)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func actionData(a model.GraphAction) value.Value {
	return value.NewMap("id", a.ID, "section", string(a.Section), "deployment", orNull(a.Owner), "steps", list(a.Steps, stepData))
}

func stepData(s model.GraphStep) value.Value {
	return value.NewMap("id", s.ID, "step", s.Function, "step_id", orNull(s.Name),
		"outputs", list(s.Outputs, func(o model.GraphOutput) value.Value {
			m := value.NewMap("name", o.Name, "known", o.Known)
			if o.Known {
				m.Set("value", o.Value)
			}
			return m
		}))
}

func deploymentData(d model.GraphDeployment) value.Value {
	return value.NewMap("id", d.ID, "name", d.Name, "entrypoint", orNull(d.Entrypoint), "pool", d.Pool,
		"actions", list(d.Actions, func(id string) value.Value { return id }))
}

func list[T any](items []T, data func(T) value.Value) []value.Value {
	out := make([]value.Value, len(items))
	for i := range items {
		out[i] = data(items[i])
	}
	return out
}

func orNull(s string) value.Value {
	if s == "" {
		return nil
	}
	return s
}

// edge is one line of the drawing.
type edge struct {
	from, to string
	label    string // the outputs that flow along it
	runs     bool   // a step that runs for a deployment and gives it nothing
	missing  bool   // a reference that nothing gives; from is empty
}

// edges merges the uses between two nodes, and adds a line from the last step of an action that gives a deployment nothing.
func (g Graph) edges() []edge {
	var out []edge
	at := map[[2]string]int{}
	feeds := map[[2]string]bool{} // action to deployment
	owner := map[string]string{}  // step to action
	for _, a := range g.Actions {
		for _, s := range a.Steps {
			owner[s.ID] = a.ID
		}
	}
	for _, u := range g.Uses {
		key := [2]string{u.From, u.To}
		label := outputLabel(u)
		feeds[[2]string{owner[u.From], u.To}] = true
		if i, has := at[key]; has && u.From != "" {
			if !strings.Contains(", "+out[i].label+",", ", "+label+",") {
				out[i].label += ", " + label
			}
			continue
		}
		at[key] = len(out)
		out = append(out, edge{from: u.From, to: u.To, label: label, missing: u.From == ""})
	}
	last := map[string]string{}
	for _, a := range g.Actions {
		last[a.ID] = a.Steps[len(a.Steps)-1].ID
	}
	for _, d := range g.Deployments {
		for _, a := range d.Actions {
			if !feeds[[2]string{a, d.ID}] {
				out = append(out, edge{from: last[a], to: d.ID, runs: true})
			}
		}
		out = append(out, edge{from: d.ID, to: d.Pool})
	}
	return out
}

func outputLabel(u model.GraphUse) string {
	switch {
	case u.From == "":
		return u.Name
	case u.Output == "":
		return "all outputs"
	case !u.Certain:
		return u.Output + "?"
	}
	return u.Output
}

func actionTitle(a model.GraphAction) string {
	if a.Owner == "" {
		return string(a.Section) + " of the file"
	}
	return string(a.Section) + " of " + a.Owner
}

// stepTitle is a step's id, else its function.
func stepTitle(s model.GraphStep) string {
	if s.Name != "" {
		return s.Name
	}
	return lastPart(s.Function)
}

func stepDetail(s model.GraphStep) string {
	if s.Name != "" {
		return lastPart(s.Function)
	}
	return ""
}

func lastPart(path string) string { return path[strings.LastIndexAny(path, ".:")+1:] }

func poolTitle(p model.GraphPool) string {
	if p.Name == "" {
		return "default work pool"
	}
	return p.Name
}

func twoLines(a, b string) string {
	if b == "" {
		return a
	}
	return a + "\n" + b
}
