package cli

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/docs"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/schema"
)

func newExplain(p *Process) *cobra.Command {
	var all bool
	var format, color string
	cmd := &cobra.Command{
		Use:   "explain [RULE]",
		Short: "print the page of a rule, or list all rules",
		Long: `explain prints the page of a rule: why it matters, examples that are wrong and right, and how to mend it. On a terminal it is
drawn, elsewhere it is the Markdown it is written in. Without a rule it lists all of them.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			colored, err := p.colored(color)
			switch {
			case err != nil:
				return err
			case format != "text" && format != "json":
				return usage("--format is text or json, not %q", format)
			case len(args) == 1 && !all:
				return p.explainRule(args[0], format, colored)
			case len(args) == 1:
				return usage("name a rule or give --all, not both")
			}
			return p.listRules(format, colored)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "list all rules")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().StringVar(&color, "color", "auto", "colours: auto, always or never")
	return cmd
}

func (p *Process) explainRule(name, format string, color bool) error {
	r, err := rules.Find(name)
	if err != nil {
		return usage("%v; prefectc explain --all lists them", err)
	}
	switch {
	case format == "json":
		one := listedRuleOf(r)
		one.Page = pageOf(r)
		return p.json(one)
	case p.Terminal || color:
		return render.Page(p.Stdout, pageOf(r), facts(r), color, p.width())
	}
	title, rest, _ := strings.Cut(pageOf(r), "\n")
	_, err = fmt.Fprintf(p.Stdout, "%s\n\n%s\n%s", title, facts(r), rest)
	return err
}

// pageOf is the page of a rule; every rule has one.
func pageOf(r *rules.Rule) string {
	page, err := docs.Rules.ReadFile("rules/" + r.Name + ".md")
	if err != nil {
		panic(fmt.Sprintf("page of rule %s: %v", r.Name, err))
	}
	return string(page)
}

// facts is one line that says how grave findings of a rule are, whether they can be mended, and for which Prefect they hold.
func facts(r *rules.Rule) string {
	fix := "no automatic fix"
	if kinds := r.Fixes.Names(); len(kinds) > 0 {
		fix = strings.Join(kinds, " and ") + " fix"
	}
	var prefects []string
	for _, g := range r.Generations() {
		prefects = append(prefects, strconv.Itoa(int(g)))
	}
	return fmt.Sprintf("%s; %s; Prefect %s", r.Severity, fix, strings.Join(prefects, " and "))
}

// listedRule is the JSON form of a rule in the list.
type listedRule struct {
	Name     string              `json:"name"`
	Severity string              `json:"severity"`
	Summary  string              `json:"summary"`
	Prefect  []schema.Generation `json:"prefect"` // generations it applies to
	Since    schema.Generation   `json:"since"`   // the first of them
	Until    *schema.Generation  `json:"until"`   // the last of them, null when that is the newest there is
	Fixes    []string            `json:"fixes"`   // safe, unsafe
	Blocks   bool                `json:"blocks"`  // plan and apply refuse while it stands
	URL      string              `json:"url"`
	Page     string              `json:"page,omitempty"` // Markdown; of a rule that was asked for
}

func listedRuleOf(r *rules.Rule) listedRule {
	l := listedRule{Name: r.Name, Severity: r.Severity.String(), Summary: r.Summary, Prefect: r.Generations(),
		Fixes: r.Fixes.Names(), Blocks: r.Blocks(), URL: rules.PageURL(r.Name)}
	l.Since = l.Prefect[0]
	if last := l.Prefect[len(l.Prefect)-1]; last != schema.Prefect3 {
		l.Until = &last
	}
	return l
}

func (p *Process) listRules(format string, color bool) error {
	all := rules.All()
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	if format == "json" {
		list := make([]listedRule, 0, len(all))
		for _, r := range all {
			list = append(list, listedRuleOf(r))
		}
		return p.json(list)
	}
	infos := make([]render.RuleInfo, 0, len(all))
	for _, r := range all {
		infos = append(infos, render.RuleInfo{Name: r.Name, Summary: r.Summary, Severity: r.Severity})
	}
	return render.RuleList(p.Stdout, infos, color, p.width())
}

// json prints a document.
func (p *Process) json(doc any) error {
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}
