// Command gen writes the codec and the JSON Schemas of package event from its structs. It
// runs through go generate in the folder of the package and is not for anything else.
package main
