// Package bucket is an S3 server in this process, on 127.0.0.1, with one bucket whose objects are files below a folder.
// It announces what happens to objects as the notifications of S3 do.
//
// Its edges are those of a file system: a key cannot be both an object and a folder of others, no part of a key between
// slashes may be longer than 255 bytes, and keys with empty parts ("a//b") or the parts "." and ".." are refused. There
// can be one server in a process, because the files' backend changes the process's working directory to its folder.
package bucket
