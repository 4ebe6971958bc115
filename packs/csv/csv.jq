# How plain files write what they all have. Cells are texts; what a cell does not say, an option
# of the source can.

def said($name): (.[$name] | present) // ($options[$name] | present);

def must($name): said($name) | if . == null then require("the column or the option \($name)") else . end;

# A decimal with a point, however the file writes it.
def number: present | if . == null then null elif $options.decimal == "comma" then decimal_comma else . end;

def currency: said("currency") // refuse("V-CUR-01"; "neither a column nor an option says the currency");

# Where it happened: its clocks told when. A transfer leaves and comes at places of its own.
def place: said("location") // (if (.shipment | present) != null then .from | present else .to | present end);

# When it happened. A day without a time of day is its beginning.
def moment:
  place as $place
  | (.time | present)
  | if . == null then null elif $options.times then time_from_at($options.times; $place) else local_time_at($place) end;

def day: (.date | present) | if . == null then null elif $options.dates then date_from($options.dates) else business_date end;

def at: place as $place | moment // (day | if . == null then null else "\(.)T00:00:00" | local_time_at($place) end) | require("the time or the date");

# The row's own number, else the one among the rows of its document.
def line: (.line | present) // ($ordinal | tostring);

def quantity_told: .quantity | number | require("the quantity");

def counted: quantity_told | thousandths;

def absolute: if . < 0 then -. else . end;

def header($day): {time: at, business_date: $day};
