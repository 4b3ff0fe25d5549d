// Package typing makes edits as people and editors make them, for tests that compare what an edit leads to with what reading the
// text anew does.
package typing
