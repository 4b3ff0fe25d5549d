// Package golden compares what a test made with a file that holds what it should make. With -update the file is
// rewritten instead.
package golden
