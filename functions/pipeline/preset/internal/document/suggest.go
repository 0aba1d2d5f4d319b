package document

// Nearest is the one of words that a slip of the fingers turns into typed, or "" when none is near. Letters left out,
// put in, mistaken or swapped with their neighbour count one each; a third of the longer word may be wrong.
func Nearest(typed string, words []string) string {
	best, least := "", 0
	if len(typed) > 64 {
		return ""
	}
	for _, w := range words {
		d := distance([]rune(typed), []rune(w))
		if d <= max(1, max(len(typed), len(w))/3) && (best == "" || d < least) {
			best, least = w, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of a and b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
