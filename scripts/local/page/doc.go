// Package page is the web page of the pipeline on one machine: images are dropped into it, and every variant appears by
// itself as it is made. It answers only to this machine's own browser and programs.
package page
