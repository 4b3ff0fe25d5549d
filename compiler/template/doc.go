// Package template finds and evaluates Prefect's placeholders, "{{ name }}", exactly as Prefect 2.20.26 and 3.8.8 do.
//
// A placeholder is two braces, a name of letters, digits and "_ . - [ ] $", and two braces; blanks are allowed inside.
// Nothing else is one: no filters, quotes, operators, no escape. The name decides the kind, in this order: a block
// (prefect.blocks.…), a variable (prefect.variables.…), an environment variable ($…), else a standard name that is
// looked up in the values given.
//
// Prefect evaluates in passes over whole data, each pass scanning what the one before it made: [Blocks], [Variables] and
// [Apply] are those passes.
package template
