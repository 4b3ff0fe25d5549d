// Package report writes one self-contained HTML page about prefect files: their deployments, the graph of steps and
// templates, the runs of the next seven days with those that start in the same minute of a work pool, what the check
// found, and a plan if there is one.
//
// The page asks nobody for anything: style, script and drawings are in it, and its content policy forbids the rest.
package report
