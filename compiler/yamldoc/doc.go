// Package yamldoc reads YAML the way PyYAML's safe loader does and keeps, for every key and value, the exact bytes
// it was written with.
//
// A Document is a tree of Nodes in source order: aliases, merge keys ("<<") and duplicate keys are kept as written.
// [Node.Entries] and [Node.Python] give the meaning: what yaml.safe_load would return, with every value knowing where it is
// written and through which aliases it came. What PyYAML would refuse, and what only looks like a mistake, is listed in
// Document.Problems; reading goes on behind it, so that one broken deployment does not hide the others.
//
// Scanner and parser make the decisions PyYAML's make, and build the tree in one pass. Text that does not parse is mended
// in the smallest region that lets the rest parse: unquoted words are patched, shifted lines moved, the rest blanked,
// always with a fatal Problem. Work is bounded: see [MaxSize], [MaxNodes] and [MaxDepth], and the budget of recovery. A
// Document is not changed after Read and may be used by many goroutines.
//
// One thing PyYAML accepts is refused here: lone surrogates in escapes ("\\ud83d"), which no UTF-8 text can hold.
package yamldoc
