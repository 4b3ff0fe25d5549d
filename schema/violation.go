package schema

import "strconv"

// ViolationKind says what is wrong.
type ViolationKind uint8

// Kinds of violations.
const (
	UnknownField   ViolationKind = iota + 1 // a key that the object does not have
	TooNew                                  // a key that only a later generation has
	TooOld                                  // a key that only an earlier generation has
	WrongType                               // a kind of data that the field does not take
	NotNull                                 // null where it does not count as leaving the field out
	BadValue                                // text or a number that is not one of those allowed
	BadFormat                               // text that is not of the right form
	OutOfRange                              // a number too small or too large
	Missing                                 // a field, or one of several, that must be given
	Exclusive                               // several fields of which only one may be given
	KeyNotText                              // a key that YAML reads as something else than text
	NotOneKey                               // a step that is not exactly one key
	UnknownVariant                          // a union whose discriminator names none
	TooLarge                                // the data is too large to be looked at in full
)

var violationNames = [...]string{
	UnknownField: "unknown field", TooNew: "too new", TooOld: "too old", WrongType: "wrong type", NotNull: "not null",
	BadValue: "bad value", BadFormat: "bad format", OutOfRange: "out of range", Missing: "missing", Exclusive: "exclusive",
	KeyNotText: "key not text", NotOneKey: "not one key", UnknownVariant: "unknown variant", TooLarge: "too large",
}

func (k ViolationKind) String() string {
	if int(k) < len(violationNames) && violationNames[k] != "" {
		return violationNames[k]
	}
	return "violation " + strconv.Itoa(int(k))
}

// Effect is what the generation of Prefect does about a violation.
type Effect uint8

// Effects.
const (
	Fails    Effect = iota // the deployment fails, when its turn comes or at a run
	Discards               // the whole file counts as empty
	Ignores                // nothing is said and the value has no effect
	Converts               // nothing is said and the value becomes another one
)

func (e Effect) String() string {
	return [...]string{"fails", "discards the file", "is ignored", "is converted"}[e]
}

// Step is one step of a path: a key, or an index in a list.
type Step struct {
	Key     string
	Index   int
	IsIndex bool
}

// Violation is something in the data that the language does not allow.
type Violation struct {
	// Path leads to what is wrong. For UnknownField, TooNew, TooOld, KeyNotText and Exclusive that is the last key
	// itself; for Missing and NotOneKey the mapping that should hold it.
	Path []Step
	// At is the position of the last key among the entries of its mapping, since keys need not be text nor unique;
	// -1 when the path does not end in a key.
	At int

	Kind      ViolationKind
	Effect    Effect
	Tolerated bool // Effect is Ignores or Converts: Prefect goes on

	Object *Object // the object that the key is in or should be in
	Field  *Field  // nil for an unknown key and in lists of free data

	Want      string   // what would be right, in people's words
	Got       string   // what is there, in people's words
	Allowed   []string // the keys or texts that are allowed, when there are only some
	Nearest   string   // the one of Allowed that was probably meant, or ""
	BelongsIn string   // for an unknown key: the key of this or the enclosing mapping under which it is known, or ""
}
