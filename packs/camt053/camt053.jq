# What an entry and a balance of a statement have in common.

# Until version 7 the status is a text, from version 8 a code in an element.
def booked: .Sts | (if type == "object" then .Cd // .Prtry else . end) | require("the status") == "BOOK";

def currency: .Amt | attr("Ccy") | require("the currency");

# CdtDbtInd is the direction of the entry itself: where RvslInd is true it is that of the
# reversal, which goes against what it reverses.
def cents($currency):
  (if .CdtDbtInd == "CRDT" then 1 elif .CdtDbtInd == "DBIT" then -1
   else refuse("V-SCH-01"; "it is neither a credit nor a debit") end) as $sign
  | (.Amt | text | minor($currency)) * $sign;
