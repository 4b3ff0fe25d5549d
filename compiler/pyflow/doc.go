// Package pyflow finds @flow functions and their signatures in Python source text without running or importing it.
//
// [Scan] reads a file once: tokens, then statements, then a table of the names the module binds. Nothing in it can
// fail; text that is not Python ends up as problems and unknown names. [Module.Lookup] answers what an entrypoint's
// function is, [Flow.ParameterSchema] what Prefect would register as its parameter schema, [Flow.CheckArgument]
// whether a value fits. An answer is given only when the text alone decides it: whatever depends on another module,
// on a decorator we cannot see through or on computed values is reported as unknown.
//
// No expression is evaluated. Literals become values, everything else stays text with its span.
//
// Facts about Prefect were measured on 2.20.26 (with pydantic 2.12.5) and 3.8.8 (with pydantic 2.14.3).
package pyflow
