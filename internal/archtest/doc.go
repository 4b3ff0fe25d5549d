// Package archtest holds the tests that keep the architecture of docs/ARCHITECTURE.md true: who may import whom and why,
// a package comment everywhere, files of readable size, and nothing in the tree that belongs to one machine.
package archtest
