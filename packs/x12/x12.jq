# What the mappings share. An element is a text, by the name that X12 people use; an empty one is
# not there.

# An interchange that says so itself is a test, and moves nothing.
def live:
  if $envelope.ISA.ISA15 == "T" and $options.test_mode != "accept" then refuse("V-TRN-01"; "the interchange is a test (ISA15)") else . end;

# What a warehouse reports (data element 514): a rehearsal, or what is neither a shipment nor a receipt.
def reported($code):
  if $code == "K" then refuse("V-TRN-01"; "a simulation exercise")
  elif IN($code; "A", "B", "C", "O", "P", "R", "S", "Y") then refuse("H-TOPIC"; "a report of this kind (W0601, W1701) cannot be told yet")
  else . end;

def sender: $envelope.ISA.ISA06 | require("the sender (ISA06)");
def receiver: $envelope.ISA.ISA08 | require("the receiver (ISA08)");

# CCYYMMDD, and YYMMDD in the versions before 004010.
def day: require("a date") | if length == 6 then date_from("%y%m%d") else date_from("%Y%m%d") end;

# What informs and has no effect may be unreadable.
def day_if_any: if . != null and test("^[0-9]{6}([0-9]{2})?$") then day else null end;

# HHMM, with seconds and their fractions, which are left out.
def clock:
  if . == null then "00:00:00"
  elif test("^[0-9]{4}([0-9]{2,4})?$") then "\(.[0:2]):\(.[2:4]):\(if length > 4 then .[4:6] else "00" end)"
  else refuse("V-SCH-01"; "a time is not of the form HHMM") end;

# Zones that are the same all year; others (ET, LT) are the zone of the place or the source.
def zone: {GM: "Z", UT: "Z", AS: "-04:00", AD: "-03:00", ES: "-05:00", ED: "-04:00", CS: "-06:00", CD: "-05:00", MS: "-07:00", MD: "-06:00", PS: "-08:00", PD: "-07:00"}[. // ""] // "";

def shown($date; $time; $code): "\($date | day)T\($time | clock)\($code | zone)";

# When it was by the clocks of the source, and by those of a place.
def moment($date; $time; $code): shown($date; $time; $code) | local_time;
def moment_at($place; $date; $time; $code): shown($date; $time; $code) | local_time_at($place);

# When the functional group was written: what tells changes of one document apart.
def written: moment($envelope.GS.GS04; $envelope.GS.GS05; null);
def written_as: $envelope.GS.GS04 + ($envelope.GS.GS05 // "");

def dated($qualifier): first(.DTM[]? | select(.DTM01 == $qualifier) | .DTM02 | values) // null;
def day_of($qualifier): dated($qualifier) | if . == null then null else day end;
def gathered($qualifier): first(.G62[]? | select(.G6201 == $qualifier) | .G6202 | values) // null;

# The codes of the first party that is one of these; its qualifier (N103) is not asked.
def party($codes): . as $set | first($codes[] as $code | $set.N1[]? | select(.N101 == $code) | .N104 | values) // null;

# A warehouse that does not name itself in the document is the sender.
def warehouse: party(["WH", "SF"]) // sender;

def vendor: party(["VN", "SU", "SE", "RI", "II", "MF"]);

def n9($qualifier): first(.N9[]? | select(.N901 == $qualifier) | .N902 | values) // null;
def ref($qualifier): first(.REF[]? | select(.REF01 == $qualifier) | .REF02 | values) // null;

# 00010, 010 and 10 are one line.
def line_number: if . == null then null else capture("^0*(?<number>.+)$").number end;

def purchase($order; $line):
  if $order == null then null
  else {type: "purchase_order", id: ([$order] + (if $line == null then [] else [$line | line_number] end) | key)} end;

def unit: if . == null then null else unit_of_x12 end;

# The item by the retailer's own number, else by a GTIN, else by the vendor's number.
def item_if_any($ids; $case):
  ($ids | .SK // .BP // .IN // .CB // .PI // .UK // .UP // .UI // .UA // .EN // .EO // .UD // .UE // .UX)
  // (if $case == null then null elif $case | test("^[0-9]{12}$") then $case else null end)
  // ($ids | .VN // .VP // .VC // .VA // .VE // .MG // .MF);
def item($ids; $case): item_if_any($ids; $case) | require("the item of a line");

# The same of one pair of qualifier and number.
def one_item($qualifier; $id; $case):
  if $id == null then item({}; $case)
  elif IN($qualifier; "SK", "BP", "IN", "CB", "PI", "UK", "UP", "UI", "UA", "EN", "EO", "UD", "UE", "UX") then $id
  elif $case == null and IN($qualifier; "VN", "VP", "VC", "VA", "VE", "MG", "MF") then $id
  else item({($qualifier // ""): $id}; $case) end;

def lin_item: item({(.LIN10 // ""): .LIN11, (.LIN08 // ""): .LIN09, (.LIN06 // ""): .LIN07, (.LIN04 // ""): .LIN05, (.LIN02 // ""): .LIN03}; null);
def po1_item: item({(.PO114 // ""): .PO115, (.PO112 // ""): .PO113, (.PO110 // ""): .PO111, (.PO108 // ""): .PO109, (.PO106 // ""): .PO107}; null);
def it1_item: item_if_any({(.IT114 // ""): .IT115, (.IT112 // ""): .IT113, (.IT110 // ""): .IT111, (.IT108 // ""): .IT109, (.IT106 // ""): .IT107}; null);

def currency: .CUR.CUR02 // ($options.currency | present) // refuse("V-CUR-01"; "neither CUR02 nor an option says the currency");

def absolute: if . < 0 then -. else . end;

# The minor units of quantity times unit price. A document of X12 does not write them: the product
# is exact, and rounded once.
def extended($count; $price; $basis; $currency):
  $price | decimal | times($count) | times({HP: "0.01", TP: "0.001"}[$basis // ""] // "1") | minor_rounded($currency);

# Allowances (A) and charges (C), in minor units. SAC05 has two implied decimals.
def charged($currency):
  if .SAC01 == "A" or .SAC01 == "C" then
    (.SAC05 | require("the amount of an allowance or charge (SAC05)") | scaled(2) | minor($currency)) * (if .SAC01 == "A" then -1 else 1 end)
  else 0 end;

# TDS01 and AMT of totals have two implied decimals, too.
def implied($currency): scaled(2) | minor($currency);

# Receiving conditions: what of the goods that came is no good receipt of the line.
def discrepancy: {"01": "DAMAGED", "02": "SHORT", "03": "OVER", "05": "WRONG_ITEM"}[.];

def transfer_number($own):
  if $options.transfers == null then null elif $options.transfers == "all" then $own else n9($options.transfers) end;

# The line of a customer order, as the shop numbers it.
def order_line($order; $line):
  {type: "shop_order_line", id: (if $options.order_lines == "by_itself" then $line else [$order, $line] | key end)};

# W04, W07 and others write a case code and two pairs of qualifier and number.
def w04_item: item({(.W0406 // ""): .W0407, (.W0404 // ""): .W0405}; .W0403);
def w07_item: item({(.W0706 // ""): .W0707, (.W0704 // ""): .W0705}; .W0703);
