// Package pattern holds regular expressions that are compiled when they are first used: a check of one file needs few of the
// many that the program knows, and its start should pay for none.
package pattern
