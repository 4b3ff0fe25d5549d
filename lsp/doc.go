// Package lsp is the language server for prefect.yaml, spoken over a pair of streams.
//
// Words used in the code:
//
//   - A Server is one connection to one editor. Its read loop takes messages in order of arrival; notifications change the
//     session at once, on the loop; every request runs on its own goroutine and is answered when it is done.
//   - A session is what the editor told us: open documents, folders, settings. Each change makes a new snapshot.
//   - A snapshot is immutable. A request keeps the one of its arrival, so it never sees half an edit, and its positions
//     are those the editor meant. What is computed from a snapshot is memoised in it and carried over to the next one
//     as long as its inputs are the same; work nobody waits for any more is cancelled.
//   - An analysis is what the compiler says of one document of one snapshot.
//
// Positions are byte spans everywhere but in the wire types; [document.position] and [document.offset] convert at the edge, in the
// encoding negotiated with the editor. The types of protocol 3.16 come from glsp, those of 3.17 are in protocol317.go.
//
// The server never starts a process or runs project code. It opens a socket only when the user has turned live data on: then completion
// asks the configured Prefect server what things are called. Values are neither kept nor shown.
package lsp
