// Package schema is the language of prefect.yaml: its fields, types, documentation and exclusions in CUE, the catalogue of
// deployment steps with their arguments and outputs, and the job templates of the shipped work pool types.
//
// It is the one place where that knowledge lives. It imports nothing of this module and knows neither YAML nor files:
// data comes to it through the [Data] interface.
package schema
