package schema

import "sync"

// Shared is the language, loaded once for the whole process. It is immutable.
var Shared = sync.OnceValues(Load) //nolint:gochecknoglobals // a memo of immutable data

// Effective reports whether a key of an object means anything in a generation: it is known, and not one of those that are
// accepted and ignored.
func (l *Language) Effective(object, key string, g Generation) bool {
	o := l.Object(object)
	if o == nil {
		return false
	}
	f := o.Field(key)
	return f != nil && f.In(g) && f.Ignored == ""
}
