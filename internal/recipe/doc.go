// Package recipe makes the files of a new project, the same that "prefect init" makes.
//
// A recipe is a prefect.yaml with placeholders and the names of the fields that it needs. Filling one in keeps every placeholder
// without a value, since those of step outputs are to stay.
package recipe
