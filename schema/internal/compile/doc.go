// Package compile turns the CUE text of the language into the table that package schema checks with.
//
// It reads the syntax and not the evaluated values: references to definitions, comments, attributes and the order of
// fields are what the table is about, and evaluation loses them. A test of package schema compares the table's verdicts
// with those of CUE itself.
package compile
