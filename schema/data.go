package schema

// Generation is a major version of Prefect.
type Generation int

// The generations we know.
const (
	Prefect2 Generation = 2
	Prefect3 Generation = 3
)

// Kind is what a piece of data is.
type Kind uint8

// Kinds of data.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindString
	KindDate // a date or a timestamp
	KindList
	KindMap
	KindOther // binary, sets, whatever else YAML can say
)

// Data is a value that the schema can look at. Its users adapt their own trees to it.
type Data interface {
	Kind() Kind
	Bool() bool                     // of a KindBool
	Text() string                   // of a scalar: the string itself, or the number as YAML wrote it
	Number() float64                // of a KindInt or KindFloat
	Len() int                       // items of a KindList, entries of a KindMap
	Item(i int) Data                // of a KindList
	Field(i int) (key Data, v Data) // of a KindMap
}
