// Package pipeline is the way of one original: guard, fetch, probe, master, variants, store, verify, report. It knows
// neither the envelopes that events come in nor libvips; mains wire it to both.
package pipeline
