// Package plan says what an apply would do: for every selected deployment the steps to run and the registration that
// would reach the Prefect API, and how that differs from what the server holds.
//
// A plan is made from the model of a file ([Build]) without running anything. [Deployment.Evaluate] turns a deployment's
// configuration into its [Registration] with Prefect's own passes - blocks, variables, environment, step outputs. At plan
// time it is partial: what only a step or the server can give stays a placeholder. The executor calls the same function
// again when it has the values. [Registration.Diff] compares with a live deployment.
package plan
