package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// Rule is one thing that is checked.
type Rule struct {
	Name     string        // kebab case; also the name of its page and its test folder
	Severity diag.Severity // of its findings, unless one says otherwise
	Summary  string        // one line, lower case, no period

	// Fixes are the kinds of fixes that findings of the rule can have.
	Fixes FixKinds

	// Deploys holds when Prefect registers the deployment all the same, so that apply reports the finding and goes on.
	Deploys bool

	// Only is the generation of Prefect the rule is about; 0 for both.
	Only schema.Generation

	// Whole holds for a rule that compares deployments, or looks at the text or tree of the file. Any other runs once over each
	// part of the file, see [model.File.Part], and what it says of a deployment depends on nothing but that deployment, what
	// deployments share, and whether it is the only one.
	Whole bool

	// Hides holds when the text that a finding marks is a secret.
	Hides bool

	Run func(*Pass)
}

// FixKinds is a set of kinds of fixes.
type FixKinds uint8

// Kinds of fixes.
const (
	SafeFix   FixKinds = 1 << iota // keeps what Prefect does apart from the mistake itself
	UnsafeFix                      // may change more than the mistake
)

// Names are the kinds in words.
func (k FixKinds) Names() []string {
	names := []string{}
	if k&SafeFix != 0 {
		names = append(names, "safe")
	}
	if k&UnsafeFix != 0 {
		names = append(names, "unsafe")
	}
	return names
}

// Generations of Prefect that the rule is about, oldest first.
func (r *Rule) Generations() []schema.Generation {
	if r.Only != 0 {
		return []schema.Generation{r.Only}
	}
	return []schema.Generation{schema.Prefect2, schema.Prefect3}
}

// Pass is everything a rule may look at, and where it reports.
type Pass struct {
	Model *model.File
	*Facts

	rule  *Rule
	found []*Finding
}

// severity of the rule's findings; set when the project's configuration decides.
func (p *Pass) severity() (s diag.Severity, set bool) { return p.Levels.severity(p.rule) }

// Generation of Prefect the file is checked for.
func (p *Pass) Generation() schema.Generation { return p.Model.Generation }

// Finding is a diagnostic being put together.
type Finding struct{ diag.Diagnostic }

// Report adds a finding at a place in the prefect.yaml.
func (p *Pass) Report(span source.Span, format string, args ...any) *Finding {
	severity, _ := p.severity()
	f := &Finding{diag.Diagnostic{
		Rule: p.rule.Name, Severity: severity, Message: fmt.Sprintf(format, args...),
		File: p.Model.Source, Span: span, Blocks: severity == diag.Error && !p.rule.Deploys, Hides: p.rule.Hides,
	}}
	p.found = append(p.found, f)
	return f
}

// At names the place in the data.
func (f *Finding) At(path string) *Finding {
	f.Path = path
	return f
}

// In names the deployment concerned; nil is the whole file.
func (f *Finding) In(d *model.Deployment) *Finding {
	if d != nil {
		f.Deployment = d.Name()
		if f.Path == "" {
			f.Path = d.Path
		}
	}
	return f
}

// As sets another severity than the rule's; only an error can block.
func (f *Finding) As(s diag.Severity) *Finding {
	f.Severity = s
	f.Blocks = f.Blocks && s == diag.Error
	return f
}

// Deploys says that Prefect registers the deployment all the same.
func (f *Finding) Deploys() *Finding {
	f.Blocks = false
	return f
}

// Also adds another place that took part.
func (f *Finding) Also(span source.Span, format string, args ...any) *Finding {
	f.Related = append(f.Related, diag.Related{File: f.File, Span: span, Message: fmt.Sprintf(format, args...)})
	return f
}

// AlsoIn adds a place in another file.
func (f *Finding) AlsoIn(file *source.File, span source.Span, format string, args ...any) *Finding {
	f.Related = append(f.Related, diag.Related{File: file, Span: span, Message: fmt.Sprintf(format, args...)})
	return f
}

// Fix offers edits that keep what Prefect does apart from the mistake itself.
func (f *Finding) Fix(title string, edits ...diag.Edit) *Finding {
	f.Fixes = append(f.Fixes, diag.Fix{Title: title, Safe: true, Edits: edits})
	return f
}

// UnsafeFix offers edits that may change more than the mistake.
func (f *Finding) UnsafeFix(title string, edits ...diag.Edit) *Finding {
	f.Fixes = append(f.Fixes, diag.Fix{Title: title, Edits: edits})
	return f
}

// Tag tells an editor how to draw the span.
func (f *Finding) Tag(t diag.Tag) *Finding {
	f.Tags = append(f.Tags, t)
	return f
}

// Replace is the edit that puts text in the place of a span.
func Replace(span source.Span, text string) diag.Edit { return diag.Edit{Span: span, Text: text} }

// Insert is the edit that adds text at an offset.
func Insert(at int, text string) diag.Edit { return diag.Edit{Span: source.At(at), Text: text} }

// Blocks reports whether plan and apply refuse while a finding of the rule stands.
func (r *Rule) Blocks() bool { return r.Severity == diag.Error && !r.Deploys }
