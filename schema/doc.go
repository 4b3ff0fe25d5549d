// Package schema is the language of prefect.yaml: its fields, types, documentation and exclusions in CUE, the catalogue of
// deployment steps with their arguments and outputs, and the job templates of the shipped work pool types.
//
// It is the one place where that knowledge lives. It imports nothing of this module and knows neither YAML nor files:
// data comes to it through the [Data] interface.
//
// # What is the source of what
//
// The CUE files written by hand (language, trigger, sla, scalar, prefect2, prefect3) define the language. From them come
// the table in table_gen.go, which the gate, completion, hover and documentation read without evaluating CUE, and the
// JSON Schema. The files in data are measured from real Prefect; from them come the steps, once as Go for lookups and
// once as CUE for people and their own CUE files. "go generate ./schema" makes the generated files; tests compare them
// with their sources, the table with CUE's own verdicts, and both with those of Prefect 3.8.8's model.
//
// # How a check goes
//
// [Language.Check] walks the data once with the table. Most documents are clean and pass this gate in a few
// microseconds a deployment. For any other, the walk is repeated to explain every mistake, and the rejected objects are
// evaluated by CUE, which adds what the table might not know. Data enters CUE only as expressions with quoted labels.
package schema
