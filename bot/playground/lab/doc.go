// Package lab is what a Prometheus would know of the shop: samples in memory,
// the real PromQL engine over them, and the part of Prometheus' API by which
// they are asked.
//
//   - lab.go      the store: what is kept, and how much
//   - collect.go  what one look at a /metrics page adds
//   - queryable.go the store as the engine reads it
//   - query.go    questions, bounded
//   - api.go      the same questions over HTTP
package lab
