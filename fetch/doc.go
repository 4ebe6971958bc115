// Package fetch asks outside systems for what they do not send: what a thin notification only
// names (a follow-up), and what has changed since they were asked last (a poll). What to ask,
// and how, is declared by packs; what is answered goes through intake's doors like any other
// payload, so that a poll, a follow-up and a webhook of one fact meet in one business key.
//
// Each source has a lane that asks one question at a time, at the pace that the vendor allows.
// What is still to be asked stands on the desk: a follow-up leaves it when the events of its
// answer are durable, and the cursor of a poll moves when those of its page are. A crash in
// between asks again, which changes nothing. Only the configured hosts are asked, and no
// secret leaves a request's headers or form.
package fetch
