// Package facts says where a benchmark ran, and with which versions of everything that took part.
package facts
