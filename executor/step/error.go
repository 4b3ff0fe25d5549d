package step

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// Error is a step that failed. Type and Message are what Prefect raises for the same inputs.
type Error struct {
	Step      string // import path of the step
	Type      string // Python exception class; empty when Python itself could not run
	Message   string
	Hint      string // what would be right, in clear words; may be empty
	Traceback string // end of the Python traceback; may be empty
	Err       error  // cause; may be nil
}

// Error is one line, or more when the message has more; the traceback is left out.
func (e *Error) Error() string {
	s := e.Message
	if e.Type != "" {
		s = e.Type + ": " + s
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func pyError(class, message, hint string) *Error {
	return &Error{Type: class, Message: message, Hint: hint}
}

// finish makes an *Error of whatever went wrong, names the step and masks secrets.
func (r *Runner) finish(ctx context.Context, path string, m mask, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("step %s was interrupted: %w", path, cause)
	}
	if m.redact == nil {
		m.redact = r.Redact
	}
	var e *Error
	var exception *python.Exception
	switch {
	case errors.As(err, &e):
	case errors.As(err, &exception):
		e = &Error{Type: exception.Type, Message: exception.Message, Traceback: exception.Traceback}
	default:
		e = &Error{Message: err.Error(), Err: err}
	}
	masked := *e
	masked.Step = path
	masked.Message, masked.Hint, masked.Traceback = m.text(e.Message), m.text(e.Hint), m.text(e.Traceback)
	return &masked
}

// typeName is the name of the Python class of a value.
func typeName(v value.Value) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case int64, *big.Int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case []value.Value:
		return "list"
	case *value.Map:
		return "dict"
	case value.Date:
		return "date"
	case value.DateTime:
		return "datetime"
	case value.Bytes:
		return "bytes"
	case value.Set:
		return "set"
	}
	return "object"
}

// mustBe is the hint for an argument of the wrong kind.
func mustBe(name, kind string, v value.Value) string {
	hint := fmt.Sprintf("%s must be %s, not a %s", name, kind, value.TypeName(v))
	switch v.(type) {
	case int64, float64, bool:
		hint += "; quote it: \"" + value.Str(v) + "\""
	}
	return hint
}
