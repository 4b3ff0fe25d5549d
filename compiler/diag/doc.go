// Package diag defines what the compiler says about a file: a Diagnostic with its exact place, the other places
// that took part, and the edits that would mend it.
//
// A diagnostic is not an error: it is the result of work that was done. An error means work could not be done.
package diag
