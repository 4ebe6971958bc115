package main

func (m *model) schema(event) []byte { return []byte("{}\n") }
