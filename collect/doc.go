// Package collect goes to the places where outside systems lay files down, a folder of this
// machine or of an SFTP server, and takes each file once: by its name and content.
//
// A file is looked at until it is sure that its sender has finished it, copied, cut into
// payloads where it is large, and handed to the doors of package intake, which keep the
// evidence and have the records decided. One record that is refused does not hold up its
// neighbours. A receipt then says what became of every record, and the file is put away.
//
// What has been decided is remembered on the desk with each part of a file. A process that is
// killed at any instant goes on from there, or takes a part again under the same business
// keys: nothing is lost, and nothing counts twice.
//
// The package maps nothing and decides nothing, and it asks no system questions: for web
// interfaces that are polled there is another package.
package collect
