// Command package builds the zips that Lambda gets, one for each function and architecture, below -out.
//
// A zip holds bootstrap, lib/ with libvips and the C++ runtime that it needs, presets.yaml, and licences/. What compiles and
// links it is pinned in package.lock.json: Debian 11's gcc, binutils and C library, fetched by this machine's own apt without
// root and kept below -cache, so that the same commit gives the same bytes on any Debian or Ubuntu on x86-64. With
// -toolchain system the machine's own compiler is used, for its own architecture; Dockerfile does that.
//
// Nothing is written that Lambda's provided.al2023 could not load: what each file needs of glibc and of the other files
// is read from the files themselves.
package main
