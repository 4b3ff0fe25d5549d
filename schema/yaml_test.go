package schema

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// yamlData shows a yaml.v3 node as Data, near enough to PyYAML for tests. Merge keys are resolved.
type yamlData struct{ n *yaml.Node }

var (
	yaml11Bool  = regexp.MustCompile(`^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	yaml11Float = regexp.MustCompile(`^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF|nan|NaN|NAN))$`)
	yaml11Int   = regexp.MustCompile(`^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	yaml11Date  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}`)
)

func (d yamlData) node() *yaml.Node {
	n := d.n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func (d yamlData) Kind() Kind {
	n := d.node()
	switch n.Kind {
	case yaml.SequenceNode:
		return KindList
	case yaml.MappingNode:
		return KindMap
	}
	switch n.ShortTag() {
	case "!!null":
		return KindNull
	case "!!str", "!!bool", "!!int", "!!float", "!!timestamp":
		if n.Style != 0 {
			return KindString
		}
		switch {
		case yaml11Bool.MatchString(n.Value):
			return KindBool
		case yaml11Int.MatchString(n.Value):
			return KindInt
		case yaml11Float.MatchString(n.Value):
			return KindFloat
		case yaml11Date.MatchString(n.Value):
			return KindDate
		}
		return KindString
	}
	return KindOther
}

func (d yamlData) Bool() bool {
	return strings.ContainsAny(d.node().Value[:1], "yYtT") || strings.EqualFold(d.node().Value, "on")
}
func (d yamlData) Text() string { return d.node().Value }

func (d yamlData) Number() float64 {
	s := strings.ReplaceAll(d.node().Value, "_", "")
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case ".inf":
		return math.Inf(1)
	case ".nan":
		return math.NaN()
	}
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return float64(i)
	}
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

func (d yamlData) Len() int {
	n := d.node()
	if n.Kind == yaml.MappingNode {
		return len(n.Content) / 2
	}
	return len(n.Content)
}

func (d yamlData) Item(i int) Data { return yamlData{d.node().Content[i]} }

func (d yamlData) Field(i int) (Data, Data) {
	c := d.node().Content
	return yamlData{c[2*i]}, yamlData{c[2*i+1]}
}

// readYAML parses a document and resolves its merge keys in place.
func readYAML(text []byte) (Data, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return yamlData{&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}}, nil
	}
	merge(doc.Content[0], map[*yaml.Node]bool{})
	return yamlData{doc.Content[0]}, nil
}

func merge(n *yaml.Node, done map[*yaml.Node]bool) {
	if n.Kind == yaml.AliasNode || done[n] {
		return
	}
	done[n] = true
	for _, c := range n.Content {
		merge(c, done)
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	own := map[string]int{}
	var out []*yaml.Node
	put := func(k, v *yaml.Node, wins bool) {
		if i, ok := own[k.Value]; ok && k.Kind == yaml.ScalarNode {
			if wins {
				out[i+1] = v
			}
			return
		}
		own[k.Value] = len(out)
		out = append(out, k, v)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			put(n.Content[i], n.Content[i+1], true)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag == "!!merge" {
			src := yamlData{n.Content[i+1]}.node()
			from := []*yaml.Node{src}
			if src.Kind == yaml.SequenceNode {
				from = src.Content
			}
			for _, m := range from {
				m = yamlData{m}.node()
				for j := 0; j+1 < len(m.Content); j += 2 {
					put(m.Content[j], m.Content[j+1], false)
				}
			}
		}
	}
	n.Content = out
}

func parse(t testing.TB, text string) Data {
	t.Helper()
	d, err := readYAML([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

func load(t testing.TB) *Language {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}
