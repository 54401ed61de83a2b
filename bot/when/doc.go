// Package when holds what people write about time, guarded: durations such as
// 10m and 7d, percentages such as 0.5%, and cron schedules in a zone. It is
// pure: it knows no clock, so the time comes in with each question.
//
//   - duration.go  90s, 10m, 4h, 7d
//   - percent.go   5%, 0.5%
//   - schedule.go  five cron fields in a zone; a start is never lost to a clock change
//   - wall.go      which instant a wall clock's time is
package when
