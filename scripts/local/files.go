package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// upload is one file and the name its original gets below the originals prefix.
type upload struct{ path, name string }

// images are the extensions of what is taken from a folder. A file that is named by itself is taken whatever it is.
var images = []string{
	".avif", ".gif", ".heic", ".heif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp",
}

// collect finds the files to upload. Files below a folder keep their sub-folders in the name; two files of the same name
// get as much of their folders as tells them apart.
func collect(paths []string, messages io.Writer) ([]upload, error) {
	var all []upload
	var wrong []error
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, fmt.Errorf("there is no file or folder %s", path))
		case err != nil:
			wrong = append(wrong, err)
		case info.IsDir():
			below, err := walk(path, messages)
			all = append(all, below...)
			wrong = append(wrong, err)
		default:
			all = append(all, upload{path, filepath.Base(path)})
		}
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(u upload) bool {
		again := seen[u.path]
		seen[u.path] = true
		return again
	})
	tellApart(all)
	return all, errors.Join(wrong...)
}

// walk finds the images below a folder and says what it leaves out.
func walk(folder string, messages io.Writer) ([]upload, error) {
	var found []upload
	leftOut := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && path != folder
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		case hidden || !slices.Contains(images, strings.ToLower(filepath.Ext(path))):
			leftOut++
			return nil
		}
		name, err := filepath.Rel(folder, path)
		found = append(found, upload{path, filepath.ToSlash(name)})
		return err
	})
	if leftOut > 0 {
		_, _ = fmt.Fprintf(messages, "%s: %d files are no images by their names and are left out; name one to upload it all the same\n", folder, leftOut)
	}
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no image below %s", folder)
	}
	return found, err
}

// tellApart puts parent folders before names that occur twice. It ends, because whole paths differ.
func tellApart(all []upload) {
	for again := true; again; {
		again = false
		times := map[string]int{}
		for _, u := range all {
			times[u.name]++
		}
		for i, u := range all {
			if longer := withParent(u); times[u.name] > 1 && longer != u.name {
				all[i].name, again = longer, true
			}
		}
	}
}

func withParent(u upload) string {
	path := strings.TrimPrefix(filepath.ToSlash(u.path), "/")
	rest, ok := strings.CutSuffix(path, "/"+u.name)
	if !ok {
		return u.name
	}
	return rest[strings.LastIndexByte(rest, '/')+1:] + "/" + u.name
}
