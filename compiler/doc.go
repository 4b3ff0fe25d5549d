// Package compiler is the front door of the analysis: from the bytes of a prefect.yaml to its model and to everything that
// is wrong with it, and on to a plan.
//
// It is pure: it reads only what its caller hands it - the file, and the project's Python files through a function - and
// never opens a socket, starts a process or runs user code.
package compiler
