# FBA_INVENTORY_AVAILABILITY_CHANGES → mp_snapshot.

(.EventTime | utc_time) as $time
| .Payload
| (.SKU | require("the sku")) as $item
| [.FulfillmentInventoryByMarketplace[]? | select($options.marketplace == null or .MarketplaceId == $options.marketplace)] as $found
| if ($found | length) == 0 then ignore("it tells nothing of the marketplace whose counts are read")
  elif ($found | length) > 1 then refuse("V-SCH-01"; "several marketplaces count the item: say in the option marketplace which one is read")
  else
    $found[0].FulfillmentInventory
    | (.ReservedQuantityBreakdown // {}) as $reserved
    | counted($options | network; $time; $item;
        (.Fulfillable // 0) + ($reserved.WarehouseProcessing // 0) + ($reserved.WarehouseTransfer // 0) + ($reserved.PendingCustomerOrder // 0);
        .Unfulfillable // 0; .Researching // 0)
  end
