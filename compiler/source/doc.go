// Package source holds the text of one file and converts between byte offsets and positions.
//
// Inside the program a place is always a [Span]: two byte offsets, half open. Lines and columns exist only at
// the edges, where a [File] converts them: counted from 1 in code points for people and JSON, counted from 0 in
// UTF-8, UTF-16 or UTF-32 units for editors.
package source
