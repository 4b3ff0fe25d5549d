// Package oracle holds the tests in which the real Prefect judges prefectc.
//
// Each case of testdata/oracle is a small project. The kit deploys it with a command of our choice against a real Prefect
// server, 2.20 or 3.8, and reads back what is registered; the same was recorded for `prefect deploy`. The tests
// compare the two field by field. Every difference that is intended stands in differences_test.go with its reason and,
// where there is one, the value prefectc registers instead; a listed difference that no longer occurs fails too.
//
//	go test ./internal/oracle                          # prefectc of this tree, the required cases
//	go test ./internal/oracle -oracle.all -timeout 60m # every case
//	go test ./internal/oracle -oracle.cmd prefect      # the real Prefect against its own recordings
//	go test ./internal/oracle -run '//basic_all'       # one case
package oracle
