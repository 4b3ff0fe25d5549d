// Package executor carries out a plan: it reads what the server holds, runs the steps, fills in what only they could give,
// and registers what changed.
//
// Everything that can be wrong before a step runs is looked at first ([Executor.Prepare]). Then the steps of each deployment
// run in the order of the file, each distinct one once, and finished deployments are registered in parallel.
package executor
