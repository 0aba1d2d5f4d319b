// Command libvips puts the libvips that Presize is built and measured with below -cache: the prebuilt library of
// the npm packages @img/sharp-libvips-*, verified against libvips.lock.json, its headers, the small stand-ins that
// bimg v1.1.9 still links to, and the pkg-config file that cgo reads.
//
// The last line it prints is the folder. With everything in place it reads one file and touches nothing, so that
// every make target can run it first.
package main
