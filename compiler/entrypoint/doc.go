// Package entrypoint finds the flow that an entrypoint names - "flows/hello.py:my_flow", "package.module:flow" or
// "package.module.flow" - in the text of the project's files, without running any of them.
package entrypoint
