package imaging

// ThumbHash hashes width x height pixels of straight RGBA.
func ThumbHash(width, height int, rgba []uint8) []byte {
	return thumbHash(miniature{width, height, rgba})
}
