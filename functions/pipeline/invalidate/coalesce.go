package invalidate

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// CloudFront's limits, by the developer guide's "Concurrent invalidation request maximum": per distribution, of paths in
// progress at one time.
const (
	maxWildcards = 15
	maxSingle    = 3000
)

// coalesce reduces paths to at most limit, of which at most maxWildcards are wildcards: as they are, if they are few
// enough; else with one wildcard for each folder that holds several; else with one for each group of neighbours that have
// the longest beginnings in common. A wildcard reaches more than was asked for, which costs a fetch and no more.
func coalesce(paths []Path, limit int) []Path {
	paths = reduce(paths)
	if fits(paths, limit) {
		return paths
	}
	paths = reduce(byFolder(paths))
	if fits(paths, limit) {
		return paths
	}
	for groups := min(limit, maxWildcards, len(paths)); groups > 1; groups-- {
		if joined := reduce(byBeginning(paths, groups)); fits(joined, limit) {
			return joined
		}
	}
	return byBeginning(paths, 1)
}

// reduce sorts paths and leaves out those that another covers.
func reduce(paths []Path) []Path {
	paths = slices.Clone(paths)
	slices.SortFunc(paths, func(a, b Path) int {
		wide := func(p Path) int {
			if p.Wildcard {
				return 0
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(wide(a), wide(b)))
	})
	kept := paths[:0]
	for _, p := range paths {
		// What covers p sorts before it, with nothing between them that it does not cover.
		if len(kept) == 0 || !kept[len(kept)-1].covers(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// fits counts what is sent, in which a path may stand twice.
func fits(paths []Path, limit int) bool {
	all, wild := 0, 0
	for _, p := range paths {
		n := len(p.forms())
		all += n
		if p.wild() {
			wild += n
		}
	}
	return all <= limit && wild <= maxWildcards
}

// byFolder replaces the single objects of each folder that holds several of them.
func byFolder(paths []Path) []Path {
	folder := func(p Path) string { return p.Key[:strings.LastIndexByte(p.Key, '/')+1] }
	count := map[string]int{}
	for _, p := range paths {
		if !p.Wildcard {
			count[folder(p)]++
		}
	}
	out := make([]Path, 0, len(paths))
	for _, p := range paths {
		if !p.Wildcard && count[folder(p)] > 1 {
			p = Path{Key: folder(p), Wildcard: true}
		}
		out = append(out, p)
	}
	return out
}

// byBeginning parts sorted paths into groups where neighbours have the least in common, and gives each group one wildcard.
func byBeginning(paths []Path, groups int) []Path {
	borders := make([]int, 0, len(paths))
	for i := 1; i < len(paths); i++ {
		borders = append(borders, i)
	}
	slices.SortStableFunc(borders, func(a, b int) int {
		return cmp.Compare(common(paths[a-1].Key, paths[a].Key), common(paths[b-1].Key, paths[b].Key))
	})
	borders = borders[:min(groups-1, len(borders))]
	slices.Sort(borders)
	var out []Path
	start := 0
	for _, end := range append(borders, len(paths)) {
		out = append(out, join(paths[start:end]))
		start = end
	}
	return out
}

// join is the one path that covers sorted ones: what the first and the last have in common all between them have, too.
func join(group []Path) Path {
	first, last := group[0].Key, group[len(group)-1].Key
	if len(group) == 1 {
		return group[0]
	}
	return Path{Key: first[:common(first, last)], Wildcard: true}
}

// common is the length of what two keys have in common at their beginning, in bytes of whole characters.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}
