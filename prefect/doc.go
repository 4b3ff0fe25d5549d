// Package prefect is a client of the Prefect REST API, generations 2 and 3, and of the settings that say where that
// API is and how to speak to it.
//
// Words. A generation is the major version of Prefect whose rules hold: 2 or 3. A setting is one PREFECT_… value; its
// [Origin] is the place it was read from. A secret is a text that must never be printed; the [Secrets] of a client know all
// of them, and every error and notice of this package has gone through them.
//
// A [Client] is safe for concurrent use, reuses connections, and retries what Prefect's own client retries. Every
// method that takes a context ends as soon as the context does, also between retries.
//
// Facts are those of Prefect 2.20.26 and 3.8.8.
package prefect
