// Package contest starts the contestants, holds each to its processors, and takes samples of them in turn, so that what
// the machine does besides hits all alike.
package contest
