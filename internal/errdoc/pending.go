package main

// pending are the codes that no test provokes yet. The list only shrinks: a code that gets
// its reproducer must leave it, and a new code never enters.
const pending = ``
