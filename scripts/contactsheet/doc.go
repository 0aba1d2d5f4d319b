// Command contactsheet draws testdata/contact-sheet.jpg: one thumbnail of each hard case, rendered by the pipeline's own
// imaging package with the thumbnail preset of presets.yaml.
package main
