// Package report draws what a benchmark measured: the tables for a terminal, a short piece of Markdown, a chart, and for each
// target whether it was met. It measures nothing, and whatever it says can be computed again from the result's JSON.
//
// A cell stands for its median; ± is half of the distance between its quartiles, in percent of the median. Contestants are
// compared by the ratio of their medians on each file, and over files by the geometric mean of these ratios, over exactly
// those files that both rendered. How many they are stands beside.
package report
