package playground

import "strings"

// StoryFile is the repository's file in stories: minutes, as a team has them.
const StoryFile = `version: 1
batch: {mode: block}
green: {mode: block, checks: [build, unit], rerun: off}
services: {shop: {}}
stages:
  staging:
    executor: {http: shop-cd}
    gates: {checks: [build, unit]}
  canary:
    environment: production
    after: {staging: 1m}
    executor: {http: shop-cd}
    strategy:
      canary:
        - {weight: 25%, for: 5m}
        - {weight: 50%, for: 5m}
  production:
    environment: production
    after: {canary: 1m}
    executor: {http: shop-cd}
    strategy: {all_at_once: {}}
    gates: {main_green: true}
sources: [shop-metrics]
arms:
  canary: 'service="shop",version="{{ .SHA }}"'
  stable: 'service="shop",version="{{ .StableSHA }}"'
metrics:
  errors:
    class: primary
    ratio:
      bad: 'http_requests_total{ {{ .Arm }},code=~"5.." }'
      total: 'http_requests_total{ {{ .Arm }} }'
judge: {window: 1m}
notify: {channel: "#shop", deploys: "#shop-deploys"}
report:
  weekly: {cron: "0 9 * * MON", zone: Europe/Berlin, to: ["slack:#eng-leads"]}
`

// LiveFile is the same where people look on: seconds, so that the loop closes
// before their eyes.
var LiveFile = strings.NewReplacer(
	"staging: 1m", "staging: 1s", "canary: 1m", "canary: 1s", "for: 5m", "for: 10s", "window: 1m", "window: 1s, max_wait: 2m", "all_at_once: {}", "all_at_once: {for: 1s}",
).Replace(StoryFile)
