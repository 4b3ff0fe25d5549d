package schema

import (
	"regexp"
	"strings"
)

// Value is what is known of a step's output before the step runs.
type Value struct {
	Data  any // nil, bool, int64, float64, string, []any or map[string]any
	Known bool
	Why   string // why it is not known
}

// Hole stands for an argument whose value is not known yet, and says why.
type Hole struct{ Why string }

// Settings looks up a Prefect setting, such as PREFECT_DEFAULT_DOCKER_BUILD_NAMESPACE: its value, nil when it is not
// set, and whether that is known at all.
type Settings func(name string) (value any, known bool)

// reference is a placeholder as Prefect reads it.
var reference = regexp.MustCompile(`{{\s*[\p{L}\p{N}_.\-\[\]$]+\s*}}`)

// Outputs computes what the step will return, given its arguments, without id and requires. An argument may be a
// [Hole]; text with a placeholder counts as one. Nil settings are all unknown.
//
// Where Prefect drops an argument, because it is one placeholder that names nothing, the caller leaves it out.
func (c Catalogue) Outputs(s *StepInfo, args map[string]any, settings Settings) map[string]Value {
	e := evaluation{gen: c.Generation, step: s, args: args, settings: settings}
	out := make(map[string]Value, len(s.Outputs))
	for _, o := range s.Outputs {
		out[o.Name] = e.output(o.Name, 0)
	}
	return out
}

type evaluation struct {
	gen      Generation
	step     *StepInfo
	args     map[string]any
	settings Settings
}

func known(v any) Value        { return Value{Data: v, Known: true} }
func unknown(why string) Value { return Value{Why: why} }

func (e *evaluation) output(name string, depth int) Value {
	o := e.step.Output(name)
	if o == nil || depth > len(e.step.Outputs) {
		return unknown("the step has no output " + name)
	}
	for _, c := range o.From {
		met, ok, why := e.holds(c.If)
		if !ok {
			return unknown(why)
		}
		if met {
			return e.value(c.Value, depth)
		}
	}
	return unknown("no rule gives it")
}

func (e *evaluation) value(x Expr, depth int) Value {
	switch x.Op {
	case "text":
		return known(x.Name)
	case "const":
		return known(x.Const)
	case "param":
		return e.argument(x.Name)
	case "setting":
		return e.setting(x.Name)
	case "output":
		return e.output(x.Name, depth+1)
	case "concat":
		var b strings.Builder
		for _, p := range x.Parts {
			v := e.value(p, depth)
			if !v.Known {
				return v
			}
			text, ok := pythonText(v.Data)
			if !ok {
				return unknown("it is made of a list or mapping")
			}
			b.WriteString(text)
		}
		return known(b.String())
	case "call":
		return e.call(x, depth)
	}
	return unknown(x.Name)
}

// argument is the value of an argument, or the parameter's default.
func (e *evaluation) argument(name string) Value {
	v, given := e.args[name]
	if !given {
		p := e.step.Param(name)
		switch {
		case p == nil:
			return unknown("the step has no argument " + name)
		case p.Required:
			return unknown("the argument " + name + " is missing")
		}
		return known(p.Default)
	}
	switch x := v.(type) {
	case Hole:
		return unknown(x.Why)
	case string:
		if reference.MatchString(x) {
			return unknown("the argument " + name + " has a reference that is not resolved yet")
		}
	}
	return known(v)
}

func (e *evaluation) setting(name string) Value {
	if e.settings != nil {
		if v, ok := e.settings(name); ok {
			return known(v)
		}
	}
	return unknown("it depends on the setting " + name)
}

// holds decides a condition; ok is false when it cannot be decided, and why says why.
func (e *evaluation) holds(c *Cond) (met, ok bool, why string) {
	if c == nil {
		return true, true, ""
	}
	var v Value
	if c.Setting != "" {
		v = e.setting(c.Setting)
	} else {
		v = e.argument(c.Param)
	}
	if !v.Known {
		return false, false, v.Why
	}
	s, isText := v.Data.(string)
	switch c.Is {
	case "truthy":
		return truthy(v.Data), true, ""
	case "contains":
		return isText && strings.Contains(s, c.Text), true, ""
	case "starts_or_ends_with":
		return isText && strings.Trim(s, c.Text) != s, true, ""
	case "absolute_path":
		return isText && strings.HasPrefix(s, "/"), true, ""
	}
	return false, false, "it has a condition that is not known here"
}

func (e *evaluation) call(x Expr, depth int) Value {
	args := map[string]any{}
	for _, a := range x.Args {
		v := e.value(a.Value, depth)
		if !v.Known {
			return v
		}
		args[a.Name] = v.Data
	}
	switch x.Name {
	case "git_directory":
		return gitDirectory(e.gen, args)
	case "remote_directory":
		return remoteDirectory(args)
	case "entered_directory":
		if dir, ok := args["directory"].(string); ok {
			return known(cleanPath(dir))
		}
		return unknown("the directory is not text")
	}
	return unknown("it is made by a function that is not known here")
}

// maxPlain is how many values of arguments are looked at.
const maxPlain = 1 << 16

// Plain is data as plain Go values, for use as arguments.
func Plain(d Data) any {
	left := maxPlain
	return plain(d, &left, 0)
}

func plain(d Data, left *int, depth int) any {
	if *left--; *left < 0 || depth > maxDepth {
		return Hole{"it is too large to look at"}
	}
	switch d.Kind() {
	case KindNull:
		return nil
	case KindBool:
		return d.Bool()
	case KindInt:
		return int64(d.Number())
	case KindFloat:
		return d.Number()
	case KindList:
		out := make([]any, 0, min(d.Len(), *left+1))
		for i := range d.Len() {
			if *left < 0 {
				break
			}
			out = append(out, plain(d.Item(i), left, depth+1))
		}
		return out
	case KindMap:
		out := map[string]any{}
		for i := range d.Len() {
			if *left < 0 {
				break
			}
			k, v := d.Field(i)
			out[keyText(k)] = plain(v, left, depth+1)
		}
		return out
	case KindDate, KindOther:
		return Hole{"it is a date or other data that Prefect does not resolve"}
	}
	return d.Text()
}
