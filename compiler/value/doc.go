// Package value holds data the way Prefect's Python does: what PyYAML loads, what templates are applied to and
// what is sent to the API.
//
// A Value is one of: nil, bool, int64, *big.Int (only beyond 64 bits), float64, string, []Value (a list), *Map (a
// dict, insertion ordered, keys of any scalar kind), Date, time.Time-based DateTime, Bytes and Set. Nothing else may be put
// into a Value. [Str] and [Repr] give Python's text of it, [JSON] the bytes Prefect would send.
package value
