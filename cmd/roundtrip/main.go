// Command roundtrip is a GitHub App and Slack bot that keeps changes small and
// main green, takes releases to production in stages, and brings production's
// answer back to the change that caused it.
package main

func main() {}
