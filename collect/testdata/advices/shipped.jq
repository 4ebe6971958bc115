# Nothing comes of an advice here: what matters is how it is answered.
ignore("shipped \(.W06.W0602)")
