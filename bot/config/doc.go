// Package config reads what people write down: a repository's
// .github/roundtrip.yml ([ParseRepo]) and the operator's settings
// ([LoadServer]). Every mistake is found in one go, each with its place and
// its remedy, and nothing that a stranger writes makes it panic.
//
// A section of the repository's file is one Go file: its shape as plain
// structs, what is checked beyond the shape, and what it compiles to. The
// JSON Schema ([Schema]) and the reference page ([Reference]) are generated
// from the same structs.
//
//   - repo.go, shape.go      the repository's file as a whole
//   - batch.go … report.go   one section each
//   - unavailable.go         valid, but beyond this version
//   - tree.go                text to a guarded YAML tree
//   - walk*.go               the tree into structs, strictly
//   - values.go              durations, globs, addresses and other words
//   - server*.go, secret.go  the operator's settings
package config
