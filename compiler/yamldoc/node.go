package yamldoc

import (
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// Kind says what a node is after PyYAML's resolution.
type Kind uint8

// Kinds of nodes.
const (
	Invalid Kind = iota // what is written here cannot be read; a Problem says why
	Null
	Bool
	Int
	Float
	String
	Date
	DateTime
	Bytes
	Set
	Sequence
	Mapping
	Alias
)

// Style is how a node is written.
type Style uint8

// Styles of nodes.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
	Block   // collections by indentation
	Flow    // [ ] and { }
)

// Node is one node of the tree as written.
type Node struct {
	Kind  Kind
	Style Style

	// Span is the node's own text: a quoted scalar with its quotes; a block scalar with its header; a flow
	// collection with its brackets; a block collection from its first key or dash to the end of its last value; an
	// alias with its star; an empty value is an empty span behind its colon or dash. Anchor and tag are outside.
	Span source.Span

	Tag    string // explicit tag as written, or ""
	TagAt  source.Span
	Anchor *Anchor // the anchor defined here, or nil

	Text   string      // scalar: the text after YAML's unquoting and folding
	Scalar value.Value // scalar: the value PyYAML constructs
	Items  []*Node     // Sequence
	Pairs  []Pair      // Mapping: in source order, with "<<" keys and duplicates
	Target *Node       // Alias: what it stands for; nil when unknown

	entries []Entry // Mapping: cache of Entries, filled while reading
	merge   bool    // scalar: YAML's merge key
	tuples  bool    // Sequence: tagged !!omap or !!pairs
}

// Pair is one "key: value" as written.
type Pair struct {
	Key, Value *Node
	Span       source.Span // from the key to the end of the value
}

// Anchor is a definition "&name".
type Anchor struct {
	Name string
	Span source.Span // the name without "&"
	Node *Node
	Uses []*Node // the alias nodes, in source order
}

// Entry is one effective key of a mapping: what the Python dict holds after merging and "last one wins".
type Entry struct {
	Key   *Node
	Value *Node // may be an Alias
	Via   *Node // the Alias under "<<" that brought it; nil when written in the mapping itself or merged in place
}

// Deref follows aliases to the node that holds the data. It returns nil only for a nil node or an unknown anchor.
func (n *Node) Deref() *Node {
	for n != nil && n.Kind == Alias {
		n = n.Target
	}
	return n
}

// Entries are the effective entries of a mapping or of an alias to one, in the order of the Python dict.
func (n *Node) Entries() []Entry {
	if n = n.Deref(); n == nil {
		return nil
	}
	return n.entries
}

// Get finds an effective entry by its string key.
func (n *Node) Get(key string) (Entry, bool) {
	for _, e := range n.Entries() {
		if e.Key.Kind == String && e.Key.Text == key {
			return e, true
		}
	}
	return Entry{}, false
}

// Document is one file read.
type Document struct {
	File     *source.File
	Root     *Node // nil when the file holds no data at all
	Anchors  []*Anchor
	Comments []source.Span // from "#" to the end of the line
	Problems []Problem

	// Partial holds when some text could not be read and was left out of the tree.
	Partial bool

	as *reading // how the text was read, for Edit; nil when it had to be mended
}

// Problem is something the reader found. Fatal ones make yaml.safe_load raise, so that Prefect drops the whole file.
type Problem struct {
	Kind    ProblemKind
	Fatal   bool
	Span    source.Span
	Message string // as in diag.Diagnostic
	Related []Related
}

// Related is another place that took part in a Problem.
type Related struct {
	Span    source.Span
	Message string
}

// ProblemKind names what a Problem is about; each is reported under a rule of its own.
type ProblemKind string

// Kinds of problems.
const (
	Syntax           ProblemKind = "yaml-syntax"        // scanner or parser error
	UnquotedTemplate ProblemKind = "unquoted-template"  // {{ x }} without quotes: YAML reads a mapping
	UnquotedStar     ProblemKind = "unquoted-star"      // a cron or glob that starts with * and reads as an alias
	Tab              ProblemKind = "tab-indentation"    // a tab where YAML wants blanks
	UnknownAlias     ProblemKind = "unknown-alias"      // *name without &name before it
	DuplicateAnchor  ProblemKind = "duplicate-anchor"   // &name twice
	DuplicateKey     ProblemKind = "duplicate-key"      // not fatal: the last one wins
	ManyDocuments    ProblemKind = "multiple-documents" // a second --- document
	UnknownTag       ProblemKind = "unknown-tag"        // !foo
	BadScalar        ProblemKind = "invalid-scalar"     // 2024-13-01, a lone =, …
	BadKey           ProblemKind = "unhashable-key"     // a list or mapping as a key
	BadMerge         ProblemKind = "invalid-merge"      // <<: 5
	BadEncoding      ProblemKind = "invalid-encoding"   // not UTF-8, control characters
	TooLarge         ProblemKind = "too-large"          // size, depth or alias expansion beyond the bounds
	Recursive        ProblemKind = "recursive-alias"    // an alias inside its own anchor
	ConflictMarker   ProblemKind = "merge-conflict"     // <<<<<<< left in
)
