package schema

// Nearest is the one of the allowed words that was probably meant, or "": a word that people carry over from other tools,
// else the one at the least distance, if that is at most a third of the word's length.
func Nearest(word string, allowed []string) string { return nearest(word, allowed) }
