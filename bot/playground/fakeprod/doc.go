// Package fakeprod is a tiny real shop and the machinery that deploys to it:
// versions with real /metrics, a router that splits the traffic exactly, an
// API that puts versions in place, and a load generator.
//
// Nothing here is random. A version told to fail every tenth request fails
// every tenth; of any hundred requests a canary at 5 % gets five.
//
// # The deploy target's API
//
// Every request carries
//
//	X-Roundtrip-Timestamp: Unix seconds, at most 5 minutes away
//	X-Roundtrip-Signature: v1=hex(HMAC-SHA256(secret, timestamp + "." + method + "." + path + "." + body))
//	Idempotency-Key:       not empty on all but GET
//
// where path is as it was sent, escaped and without the query. A request that
// is not so is answered 401, or 422 when it only lacks the Idempotency-Key. A
// key with slashes is escaped in paths: /deployments/42%2F7%2Fshop.
//
//	POST /deployments               {"key","fence","repo","service","environment","stage","sha","stable_sha","weight","params"}
//	GET  /deployments/{key}
//	PUT  /deployments/{key}/weight  {"weight","fence"}
//	POST /deployments/{key}/finish  {"fence"}
//	POST /deployments/{key}/abort   {"fence"}
//
// All answer {"key","state","sha","weight","fence","message","url"}; repo may
// be a name or an object. The first POST is answered 202, the same key again
// 200 with the deployment as it is: nothing happens twice.
//
// A deployment is running while it starts up, then placed at its weight: the
// new version beside the stable one. finish makes it stable with all the
// traffic and stops the old one (finished); abort brings the traffic back and
// stops the new one (aborted); a version that did not start is failed. All at
// once is weight 100, then finish.
//
// A deployment that begins while another of its environment is placed takes
// over when both are of one SHA: the same canary goes on, and the earlier
// deployment ends as the later one does. One of another SHA aborts it.
//
// Refused are 404 for a key nobody started, 409 {"error":"fenced"} for a
// fence lower than the highest seen in the environment, 409 with another
// error for what the state excludes, and 422 {"error"} for a body that says
// nothing we can do. Repeating what is done already is no error.
package fakeprod
