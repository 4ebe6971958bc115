# An inventory summary of the FBA Inventory API → mp_snapshot.

(.lastUpdatedTime | utc_time) as $time
| (.sellerSku | require("the sku")) as $item
| (.inventoryDetails | require("the details of the summary: ask for details=true"))
| counted($options | network; $time; $item;
    (.fulfillableQuantity // 0) + (.reservedQuantity.totalReservedQuantity // 0);
    .unfulfillableQuantity.totalUnfulfillableQuantity // 0; .researchingQuantity.totalResearchingQuantity // 0)
