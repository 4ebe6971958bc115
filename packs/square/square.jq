# What the mappings share.

# Money is a whole number of minor units; payouts write its currency under another name.
def money: (.currency // .currency_code) as $currency | .amount | amount_of_minor($currency);

# The minor units of money that need not be there.
def cents: if . == null then 0 else .amount | require("an amount") end;

def reference($kind; $id): {type: $kind, id: (["square", $id] | key)};
def payment($id): reference("payment"; $id | require("the payment's id"));
def refund($id): reference("refund"; $id | require("the refund's id"));

# A member of what need not be there.
def member($name): if type == "object" then .[$name] else null end;

# What a webhook brings stands under data.object; what is asked for is the object itself.
def object($name): if has("event_id") then .data.object[$name] | require("the " + $name) else . end;

# A position's own name is unique within its order only.
def order_line($order; $uid): {type: "shop_order_line", id: ([$order, ($uid | require("a line's uid"))] | key)};

# Square's units as those of UN/ECE Rec. 20; others stay as they are.
def unit:
  (.quantity_unit | member("measurement_unit")
   | member("weight_unit") // member("volume_unit") // member("length_unit") // member("area_unit") // member("time_unit") // member("generic_unit")) as $unit
  | { METRIC_KILOGRAM: "KGM", METRIC_GRAM: "GRM", METRIC_MILLIGRAM: "MGM", IMPERIAL_POUND: "LBR", IMPERIAL_WEIGHT_OUNCE: "ONZ",
      IMPERIAL_STONE: "STI", METRIC_LITER: "LTR", METRIC_MILLILITER: "MLT", GENERIC_FLUID_OUNCE: "OZA", GENERIC_PINT: "PTL",
      GENERIC_QUART: "QTL", GENERIC_GALLON: "GLL", METRIC_METER: "MTR", METRIC_CENTIMETER: "CMT", METRIC_MILLIMETER: "MMT",
      IMPERIAL_INCH: "INH", IMPERIAL_FOOT: "FOT", IMPERIAL_YARD: "YRD", METRIC_SQUARE_METER: "MTK", METRIC_SQUARE_CENTIMETER: "CMK",
      IMPERIAL_SQUARE_FOOT: "FTK", IMPERIAL_SQUARE_YARD: "YDK", GENERIC_HOUR: "HUR", GENERIC_MINUTE: "MIN", GENERIC_DAY: "DAY",
      UNIT: "EA" }[$unit // ""] // $unit;
