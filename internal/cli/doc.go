// Package cli is the command line of prefectc: one file a command, each a thin wire from flags to the packages that do the
// work and to the package that draws the result.
//
// The whole program is a value: [Main] gets its streams, environment and arguments, and returns the exit code.
package cli
